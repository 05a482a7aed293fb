package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// accessSummary tells how far somebody's access goes.
type accessSummary struct {
	Person
	Role       events.RoleKey `json:"role" doc:"In the organization."`
	Projects   int            `json:"projects" doc:"Those that they have any access to, seen by the actor or not."`
	Full       int            `json:"full" doc:"Those on which they have every permission at its highest."`
	Everything bool           `json:"everything" doc:"Whether they have every permission of the organization at its highest."`

	byFull bool // the order
}

var accessSummaryColumns = []string{"user", "login", "name", "email", "role", "projects", "full", "everything"}

func (r accessSummary) key() rowKey {
	if r.byFull {
		return rowKey{Number: -int64(r.Full), First: string(r.User)}
	}
	return rowKey{First: string(r.User)}
}

func (r accessSummary) cells() []string {
	return append(r.Person.cells(), string(r.Role), numeral(r.Projects), numeral(r.Full), truth(r.Everything))
}

func accessSummaries(reaches []domain.AccessSummary, byFull bool) []accessSummary {
	rows := make([]accessSummary, len(reaches))
	for i, r := range reaches {
		rows[i] = accessSummary{Person{User: r.User}, r.Role, r.Projects, r.Full, r.Everything, byFull}
	}
	return rows
}

type broadAccessQuery struct {
	ReportQuery
	Projects int `query:"projects" minimum:"1" default:"1" doc:"On how many projects at least they have every permission at its highest; who has it in the organization is told in any case."`
}

func (s *Server) accessSummaryReports() {
	named := nameAll(s, func(r *accessSummary) *Person { return &r.Person })
	tells(s, report[*broadAccessQuery, accessSummary]{
		route:   route{http.MethodGet, reportsPath + "/broad-access", "report_broad_access", "Reports", "List who has broad full access, those who reach most first"},
		columns: accessSummaryColumns, complete: named,
		rows: func(_ context.Context, org domain.Organization, in *broadAccessQuery) []accessSummary {
			return accessSummaries(org.BroadAccess(in.Projects), true)
		},
	})
	tells(s, report[*ReportQuery, accessSummary]{
		route:   route{http.MethodGet, reportsPath + "/projects-per-member", "report_projects_per_member", "Reports", "Count the projects that each active member has access to"},
		columns: accessSummaryColumns, complete: named,
		rows: func(_ context.Context, org domain.Organization, _ *ReportQuery) []accessSummary {
			return accessSummaries(org.AccessSummaries(), false)
		},
	})
}
