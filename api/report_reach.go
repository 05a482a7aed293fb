package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// reachRow tells how far somebody's access goes.
type reachRow struct {
	Person
	Role       events.RoleKey `json:"role" doc:"In the organization."`
	Projects   int            `json:"projects" doc:"Those that they have any access to, seen by the actor or not."`
	Full       int            `json:"full" doc:"Those on which they have every permission at its highest."`
	Everything bool           `json:"everything" doc:"Whether they have every permission of the organization at its highest."`

	byFull bool // the order
}

var reachColumns = []string{"user", "login", "name", "email", "role", "projects", "full", "everything"}

func (r reachRow) place() rowPlace {
	if r.byFull {
		return rowPlace{Number: -int64(r.Full), First: string(r.User)}
	}
	return rowPlace{First: string(r.User)}
}

func (r reachRow) cells() []string {
	return append(r.Person.cells(), string(r.Role), numeral(r.Projects), numeral(r.Full), truth(r.Everything))
}

func reachRows(reaches []domain.AccessSummary, byFull bool) []reachRow {
	rows := make([]reachRow, len(reaches))
	for i, r := range reaches {
		rows[i] = reachRow{Person{User: r.User}, r.Role, r.Projects, r.Full, r.Everything, byFull}
	}
	return rows
}

type broadAccessQuery struct {
	ReportQuery
	Projects int `query:"projects" minimum:"1" default:"1" doc:"On how many projects at least they have every permission at its highest; who has it in the organization is told in any case."`
}

func (s *Server) reachReports() {
	named := nameAll(s, func(r *reachRow) *Person { return &r.Person })
	tells(s, report[*broadAccessQuery, reachRow]{
		route:   route{http.MethodGet, reportsPath + "/broad-access", "report_broad_access", "Reports", "Tell who has broad full access, those who reach most first"},
		columns: reachColumns, complete: named,
		rows: func(_ context.Context, org domain.Organization, in *broadAccessQuery) []reachRow {
			return reachRows(org.BroadAccess(in.Projects), true)
		},
	})
	tells(s, report[*ReportQuery, reachRow]{
		route:   route{http.MethodGet, reportsPath + "/projects-per-member", "report_projects_per_member", "Reports", "Tell how many projects each active member reaches"},
		columns: reachColumns, complete: named,
		rows: func(_ context.Context, org domain.Organization, _ *ReportQuery) []reachRow {
			return reachRows(org.AccessSummaries(), false)
		},
	})
}
