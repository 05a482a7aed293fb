package api

import (
	"context"
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// projectAccess tells of somebody's access to a project.
type projectAccess struct {
	Project     events.ProjectID `json:"project"`
	ProjectName string           `json:"project_name"`
	Person
	Role     events.RoleKey `json:"role" doc:"The effective one on the project."`
	Since    time.Time      `json:"since" doc:"When the oldest source that still holds began."`
	Attested *Origin        `json:"attested,omitzero" doc:"The newest review of the access."`
}

var projectAccessColumns = []string{"project", "project_name", "user", "login", "name", "email", "role", "since", "attested_at", "attested_by"}

func (r projectAccess) key() rowKey {
	return rowKey{First: string(r.Project), Second: string(r.User)}
}

func (r projectAccess) cells() []string {
	var attested Origin
	if r.Attested != nil {
		attested = *r.Attested
	}
	line := append([]string{string(r.Project), r.ProjectName}, r.Person.cells()...)
	return append(line, string(r.Role), cell(r.Since), cell(attested.Since), string(attested.By))
}

// projectAccessRows leaves out projects that the actor does not see.
func projectAccessRows(ctx context.Context, org domain.Organization, holdings []domain.ProjectAccess) []projectAccess {
	rows := make([]projectAccess, 0, len(holdings))
	for _, h := range holdings {
		if !sees(ctx, org, h.Project) {
			continue
		}
		project, _ := org.Project(h.Project)
		row := projectAccess{Project: h.Project, ProjectName: project.Name, Person: Person{User: h.User}, Role: h.Role, Since: h.Since.UTC()}
		if h.Attested.Version > 0 {
			attested := originOf(org.ID(), h.Attested)
			row.Attested = &attested
		}
		rows = append(rows, row)
	}
	return rows
}

type unreviewedQuery struct {
	ReportQuery
	Days int `query:"days" minimum:"0" maximum:"36500" default:"90" doc:"For how many days at least they have had access that nobody reviewed."`
}

func (s *Server) projectAccessReports() {
	named := nameAll(s, func(r *projectAccess) *Person { return &r.Person })
	tells(s, report[*ReportQuery, projectAccess]{
		route:   route{http.MethodGet, reportsPath + "/project-admins", "report_project_admins", "Reports", "List who holds the highest role on which project, whatever the source"},
		columns: projectAccessColumns, complete: named,
		rows: func(ctx context.Context, org domain.Organization, _ *ReportQuery) []projectAccess {
			return projectAccessRows(ctx, org, org.ProjectAdmins())
		},
	})
	tells(s, report[*unreviewedQuery, projectAccess]{
		route:   route{http.MethodGet, reportsPath + "/unreviewed-access", "report_unreviewed_access", "Reports", "List whose access nobody has reviewed for some days"},
		columns: projectAccessColumns, complete: named,
		rows: func(ctx context.Context, org domain.Organization, in *unreviewedQuery) []projectAccess {
			return projectAccessRows(ctx, org, org.Unreviewed(daysAgo(in.Days)))
		},
	})
}

// daysAgo is the moment so many times 24 hours ago.
func daysAgo(days int) time.Time { return time.Now().Add(-time.Duration(days) * 24 * time.Hour) }
