package api

import (
	"iter"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
)

// similarLogin is somebody whose login differs from that of others in case alone.
type similarLogin struct {
	Person
	Folded string `json:"folded" doc:"The login without its case; the same for all who are alike."`
}

func (r similarLogin) key() rowKey {
	return rowKey{First: r.Folded, Second: string(r.User)}
}

func (r similarLogin) cells() []string { return append(r.Person.cells(), r.Folded) }

func (s *Server) similarLoginsReport() {
	serveReport(s, report[*ReportQuery, similarLogin]{
		route:   route{http.MethodGet, reportsPath + "/similar-logins", "report_similar_logins", "Reports", "List the members whose logins differ from those of others in case alone"},
		columns: []string{"user", "login", "name", "email", "folded"}, complete: nameAll(s, func(r *similarLogin) *Person { return &r.Person }),
		rows: func(w *walk, org domain.Organization, _ *ReportQuery, behind rowKey) iter.Seq[similarLogin] {
			return func(yield func(similarLogin) bool) {
				similar, err := s.Database.SimilarLogins(w.ctx, org.ID(), w.proceed)
				w.fail(err)
				for _, login := range similar {
					row := similarLogin{Person{User: login.User}, login.Folded}
					if row.key().compare(behind) > 0 && !yield(row) {
						return
					}
				}
			}
		},
	})
}
