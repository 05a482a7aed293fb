package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// accessSummary says how many projects somebody has access to.
type accessSummary struct {
	Person
	Role       events.RoleKey `json:"role" doc:"In the organization."`
	Projects   int            `json:"projects" doc:"The number of projects that they have access to, including those that the actor does not see."`
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
	return append(r.Person.cells(), string(r.Role), intCell(r.Projects), intCell(r.Full), boolCell(r.Everything))
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
	Projects int `query:"projects" minimum:"1" default:"1" doc:"The least number of projects on which they have every permission at its highest level. People who have this in the organization are always listed."`
}

func (s *Server) accessSummaryReports() {
	named := nameAll(s, func(r *accessSummary) *Person { return &r.Person })
	serveReport(s, report[*broadAccessQuery, accessSummary]{
		route:   route{http.MethodGet, reportsPath + "/broad-access", "report_broad_access", "Reports", "List the people who have full access to many projects, those with the most first"},
		columns: accessSummaryColumns, complete: named,
		rows: func(_ context.Context, org domain.Organization, in *broadAccessQuery) []accessSummary {
			return accessSummaries(org.BroadAccess(in.Projects), true)
		},
	})
	serveReport(s, report[*ReportQuery, accessSummary]{
		route:   route{http.MethodGet, reportsPath + "/projects-per-member", "report_projects_per_member", "Reports", "Count the projects that each active member has access to"},
		columns: accessSummaryColumns, complete: named,
		rows: func(_ context.Context, org domain.Organization, _ *ReportQuery) []accessSummary {
			return accessSummaries(org.AccessSummaries(), false)
		},
	})
}

// projectAccess is somebody's access to a project.
type projectAccess struct {
	Project     events.ProjectID `json:"project"`
	ProjectName string           `json:"project_name"`
	Person
	Role     events.RoleKey `json:"role" doc:"The effective one on the project."`
	Since    time.Time      `json:"since" doc:"When the oldest source in force began."`
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
	return append(line, string(r.Role), timeCell(r.Since), timeCell(attested.Since), string(attested.By))
}

// projectAccessRows leaves out projects that the actor does not see.
func projectAccessRows(ctx context.Context, org domain.Organization, holdings []domain.ProjectAccess) []projectAccess {
	rows := make([]projectAccess, 0, len(holdings))
	for _, h := range holdings {
		if !seesProject(ctx, org, h.Project) {
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
	Days int `query:"days" minimum:"0" maximum:"36500" default:"90" doc:"The least number of days for which nobody has reviewed the access."`
}

func (s *Server) projectAccessReports() {
	named := nameAll(s, func(r *projectAccess) *Person { return &r.Person })
	serveReport(s, report[*ReportQuery, projectAccess]{
		route:   route{http.MethodGet, reportsPath + "/project-admins", "report_project_admins", "Reports", "List the people who hold the highest role on each project, by any source"},
		columns: projectAccessColumns, complete: named,
		rows: func(ctx context.Context, org domain.Organization, _ *ReportQuery) []projectAccess {
			return projectAccessRows(ctx, org, org.ProjectAdmins())
		},
	})
	serveReport(s, report[*unreviewedQuery, projectAccess]{
		route:   route{http.MethodGet, reportsPath + "/unreviewed-access", "report_unreviewed_access", "Reports", "List the access that nobody has reviewed for some days"},
		columns: projectAccessColumns, complete: named,
		rows: func(ctx context.Context, org domain.Organization, in *unreviewedQuery) []projectAccess {
			return projectAccessRows(ctx, org, org.Unreviewed(daysAgo(in.Days)))
		},
	})
}

// daysAgo returns the time so many times 24 hours ago.
func daysAgo(days int) time.Time { return time.Now().Add(-time.Duration(days) * 24 * time.Hour) }

// pendingInvite is an invite that nobody has accepted and nobody has revoked.
type pendingInvite struct {
	Invite   events.InviteID  `json:"invite"`
	Email    string           `json:"email,omitzero"`
	Role     events.RoleKey   `json:"role" doc:"In the organization."`
	User     events.UserID    `json:"user,omitzero" doc:"The user whom it is for, if known."`
	Projects []offeredProject `json:"projects,omitempty" doc:"Joined on acceptance; those that the actor sees."`
	Sent     Origin           `json:"sent"`
	Expires  time.Time        `json:"expires_at,omitzero" doc:"Left out: never."`
	InviteState

	sealed events.Sealed
}

func (r pendingInvite) key() rowKey {
	return rowKey{Number: r.Sent.Since.UnixNano(), First: string(r.Invite)}
}

func (r pendingInvite) cells() []string {
	projects := make([]string, len(r.Projects))
	for i, p := range r.Projects {
		projects[i] = string(p.Project)
	}
	return []string{
		string(r.Invite), r.Email, string(r.Role), string(r.User), strings.Join(projects, "; "),
		timeCell(r.Sent.Since), string(r.Sent.By), timeCell(r.Expires), string(r.Status), r.Reason,
	}
}

type pendingInvitesQuery struct {
	ReportQuery
	Days int `query:"days" minimum:"0" maximum:"36500" default:"30" doc:"The least number of days since they were sent."`
}

func (s *Server) inviteReport() {
	serveReport(s, report[*pendingInvitesQuery, pendingInvite]{
		route:   route{http.MethodGet, reportsPath + "/pending-invites", "report_pending_invites", "Reports", "List the invites that nobody has accepted or revoked for some days, oldest first"},
		columns: []string{"invite", "email", "role", "user", "projects", "sent_at", "sent_by", "expires_at", "status", "reason"},
		rows: func(ctx context.Context, org domain.Organization, in *pendingInvitesQuery) []pendingInvite {
			return pendingInvites(ctx, org, org.PendingInvites(daysAgo(in.Days)))
		},
		complete: func(ctx context.Context, org domain.Organization, rows []pendingInvite) (err error) {
			for i := range rows {
				if rows[i].Email, err = s.Keyring.Read(ctx, org.ID(), rows[i].sealed); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

func pendingInvites(ctx context.Context, org domain.Organization, ids []events.InviteID) []pendingInvite {
	rows := make([]pendingInvite, len(ids))
	for i, id := range ids {
		invite, _ := org.Invite(id)
		rows[i] = pendingInvite{
			Invite: id, Role: invite.Role, User: invite.Member, Sent: originOf(org.ID(), invite.Sent),
			Expires: invite.Expires, InviteState: inviteStateOf(org, invite), sealed: invite.Email,
			Projects: offeredProjects(org, requestFrom(ctx).actor, invite),
		}
	}
	return rows
}

const reportsPath = organizationPath + "/reports"

func (s *Server) reportRoutes() {
	s.inviteReport()
	s.accessSummaryReports()
	s.projectAccessReports()
}
