package api

import (
	"context"
	"iter"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// missingHolders is a role that must be held, with too few holders.
type missingHolders struct {
	Project     events.ProjectID `json:"project,omitzero" doc:"Left out: the role is in the organization."`
	ProjectName string           `json:"project_name,omitzero"`
	Role        events.RoleKey   `json:"role"`
	RoleLabel   string           `json:"role_label" doc:"The name that people see."`
	Held        int              `json:"held" doc:"How many active members without an end hold it."`
	AtLeast     int              `json:"at_least" doc:"How many must hold it, as the scheme says."`
}

var missingHoldersColumns = []string{"project", "project_name", "role", "role_label", "held", "at_least"}

func (r missingHolders) key() rowKey {
	return rowKey{First: string(r.Project), Second: string(r.Role)}
}

func (r missingHolders) cells() []string {
	return []string{string(r.Project), r.ProjectName, string(r.Role), r.RoleLabel, intCell(r.Held), intCell(r.AtLeast)}
}

func (s *Server) withoutOwnerReport() {
	serveReport(s, report[*ReportQuery, missingHolders]{
		route:   route{http.MethodGet, reportsPath + "/without-owner", "report_without_owner", "Reports", "List the roles that must be held and have too few holders, in the organization and on each project"},
		columns: missingHoldersColumns,
		rows: func(p asOf, _ *ReportQuery, behind rowKey) iter.Seq[missingHolders] {
			return missingHoldersRows(p.then, p.then.MissingHolders(accessRange(p, behind)), behind)
		},
		complete: func(context.Context, asOf, []missingHolders) error { return nil },
	})
}

// missingHoldersRows yields what comes behind a key.
func missingHoldersRows(org domain.Organization, found iter.Seq[domain.MissingHolders], behind rowKey) iter.Seq[missingHolders] {
	return func(yield func(missingHolders) bool) {
		for m := range found {
			row := missingHolders{Project: m.Project, Role: m.Role, Held: m.Held, AtLeast: m.AtLeast}
			if row.key().compare(behind) <= 0 {
				continue
			}
			if m.Project == "" {
				row.RoleLabel = org.RoleLabel(m.Role)
			} else {
				project, _ := org.Project(m.Project)
				row.ProjectName, row.RoleLabel = project.Name, org.ProjectRoleLabel(m.Role)
			}
			if !yield(row) {
				return
			}
		}
	}
}
