package api

import (
	"cmp"
	"context"
	"iter"
	"net/http"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
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
		rows: func(p asOf, _ *ReportQuery, behind rowKey) iter.Seq[similarLogin] {
			return func(yield func(similarLogin) bool) {
				for _, row := range s.similarLogins(p) {
					if row.key().compare(behind) > 0 && !yield(row) {
						return
					}
				}
			}
		},
	})
}

// similarLogins returns those who are alike together, in the order of their ids. It reads
// every login.
func (s *Server) similarLogins(p asOf) []similarLogin {
	first := map[string]similarLogin{} // who has a login first
	several := map[string]bool{}
	var similar []similarLogin
	err := s.readLogins(p.walk.ctx, p, func(user events.UserID, login string) bool {
		row := similarLogin{Person{User: user}, collation.FoldCase(login)}
		other, taken := first[row.Folded]
		switch {
		case !taken:
			first[row.Folded] = row
			return p.walk.proceed()
		case !several[row.Folded]:
			several[row.Folded] = true
			similar = append(similar, other)
		}
		similar = append(similar, row)
		return p.walk.proceed()
	})
	p.walk.fail(err)
	slices.SortFunc(similar, func(a, b similarLogin) int { return a.key().compare(b.key()) })
	return similar
}

// readLogins calls take for each member with their login, or their id if they have none,
// until it returns false. About the past it reads what is sealed in the ledger.
func (s *Server) readLogins(ctx context.Context, p asOf, take func(events.UserID, string) bool) error {
	if !p.isPast() {
		return s.Database.ReadLogins(ctx, p.now.ID(), take)
	}
	for user, member := range p.then.Members() {
		login, err := s.Keyring.Read(ctx, p.then.ID(), member.Login)
		if err != nil {
			return err
		}
		if !take(user, cmp.Or(login, string(user))) {
			return nil
		}
	}
	return nil
}
