package api

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// accessSummary says how many projects somebody has access to.
type accessSummary struct {
	Person
	Role       events.RoleKey `json:"role" doc:"In the organization."`
	RoleLabel  string         `json:"role_label" doc:"What the role is called."`
	Projects   int            `json:"projects" doc:"The number of projects that they have access to, including those that the actor does not see."`
	Full       int            `json:"full" doc:"Those on which they have every permission at its highest."`
	Broad      int            `json:"broad" doc:"Those on which their access is broad: a share of the permissions, which the scheme says, is at its highest."`
	Everything bool           `json:"everything" doc:"Whether they have every permission of the organization at its highest."`

	BroadInOrganization bool       `json:"broad_in_organization" doc:"Whether their access is broad in the organization."`
	Elevated            *time.Time `json:"elevated_until,omitzero" doc:"Until when a higher role in the organization counts beside this one, by an elevation; left out: none does."`

	byBroad bool // the order
}

var accessSummaryColumns = []string{"user", "login", "name", "email", "role", "projects", "full", "everything", "broad", "broad_in_organization", "elevated_until"}

func (r accessSummary) key() rowKey {
	if r.byBroad {
		return rowKey{Number: -int64(r.Broad), First: string(r.User)}
	}
	return rowKey{First: string(r.User)}
}

func (r accessSummary) cells() []string {
	return append(r.Person.cells(), string(r.Role), intCell(r.Projects), intCell(r.Full), boolCell(r.Everything), intCell(r.Broad), boolCell(r.BroadInOrganization), endCell(r.Elevated))
}

// accessSummaryRows yields what comes behind a key.
func accessSummaryRows(org domain.Organization, all []domain.AccessSummary, byBroad bool, behind rowKey) iter.Seq[accessSummary] {
	return func(yield func(accessSummary) bool) {
		for _, r := range all {
			row := accessSummary{Person{User: r.User}, r.Role, org.RoleLabel(r.Role), r.Projects, r.Full, r.Broad, r.Everything, r.BroadInOrganization, orNever(org.ElevatedUntil(r.User, "")), byBroad}
			if row.key().compare(behind) > 0 && !yield(row) {
				return
			}
		}
	}
}

// maxSummarized is the number of organizations whose summaries are kept.
const maxSummarized = 8

// summaryKeeper keeps summaries for the pages of a report.
type summaryKeeper struct {
	kept *expirable.LRU[pastKey, []domain.AccessSummary]
}

func newSummaryKeeper() summaryKeeper {
	return summaryKeeper{expirable.NewLRU[pastKey, []domain.AccessSummary](maxSummarized, nil, keptFor)}
}

// of returns the summaries of an organization. They are made anew for the first page
// of a report, and used again for those that follow it.
func (k summaryKeeper) of(p asOf, first bool) []domain.AccessSummary {
	key := pastKey{p.then.ID(), p.at, p.then.Version(), requestFrom(p.walk.ctx).former}
	if !first {
		if kept, known := k.kept.Get(key); known {
			return kept
		}
	}
	all := p.then.AccessSummaries(p.walk.proceed)
	if p.walk.err == nil {
		k.kept.Add(key, all)
	}
	return all
}

type broadAccessQuery struct {
	ReportQuery
	Projects int `query:"projects" minimum:"1" default:"1" doc:"The least number of projects on which their access is broad. People whose access is broad in the organization are always listed."`
}

func (s *Server) accessSummaryReports() {
	named := nameAll(s, func(r *accessSummary) *Person { return &r.Person })
	serveReport(s, report[*broadAccessQuery, accessSummary]{
		route:   route{http.MethodGet, reportsPath + "/broad-access", "report_broad_access", "Reports", "List the people with broad access, by the threshold of the scheme, those with the most such projects first"},
		columns: accessSummaryColumns, complete: named,
		rows: func(p asOf, in *broadAccessQuery, behind rowKey) iter.Seq[accessSummary] {
			return accessSummaryRows(p.then, domain.BroadAccess(s.summaries.of(p, behind == beforeAll), in.Projects), true, behind)
		},
	})
	serveReport(s, report[*ReportQuery, accessSummary]{
		route:   route{http.MethodGet, reportsPath + "/projects-per-member", "report_projects_per_member", "Reports", "Count the projects that each active member has access to"},
		columns: accessSummaryColumns, complete: named,
		rows: func(p asOf, _ *ReportQuery, behind rowKey) iter.Seq[accessSummary] {
			return accessSummaryRows(p.then, s.summaries.of(p, behind == beforeAll), false, behind)
		},
	})
}

// projectAccess is somebody's access to a project.
type projectAccess struct {
	Project     events.ProjectID `json:"project"`
	ProjectName string           `json:"project_name"`
	Person
	Role      events.RoleKey `json:"role" doc:"The effective one on the project."`
	RoleLabel string         `json:"role_label" doc:"What the role is called."`
	Elevated  *time.Time     `json:"elevated_until,omitzero" doc:"Until when the person has this role by an elevation, beside a lower one or none; left out: they are not elevated."`
	Since     time.Time      `json:"since" doc:"When the oldest source in force began."`
	Attested  *Origin        `json:"attested,omitzero" doc:"The newest review of the access."`
}

var projectAccessColumns = []string{"project", "project_name", "user", "login", "name", "email", "role", "since", "attested_at", "attested_by", "elevated_until"}

func (r projectAccess) key() rowKey {
	return rowKey{First: string(r.Project), Second: string(r.User)}
}

func (r projectAccess) cells() []string {
	var attested Origin
	if r.Attested != nil {
		attested = *r.Attested
	}
	line := append([]string{string(r.Project), r.ProjectName}, r.Person.cells()...)
	return append(line, string(r.Role), timeCell(r.Since), timeCell(attested.Since), string(attested.By), endCell(r.Elevated))
}

func projectAccessRows(org domain.Organization, found iter.Seq[domain.ProjectAccess]) iter.Seq[projectAccess] {
	return func(yield func(projectAccess) bool) {
		for a := range found {
			project, _ := org.Project(a.Project)
			row := projectAccess{Project: a.Project, ProjectName: project.Name, Person: Person{User: a.User}, Role: a.Role, RoleLabel: org.ProjectRoleLabel(a.Role), Elevated: orNever(org.ElevatedUntil(a.User, a.Project)), Since: a.Since.UTC()}
			if a.Attested.Version > 0 {
				attested := originOf(org.ID(), a.Attested)
				row.Attested = &attested
			}
			if !yield(row) {
				return
			}
		}
	}
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
		rows: func(p asOf, _ *ReportQuery, behind rowKey) iter.Seq[projectAccess] {
			return projectAccessRows(p.then, p.then.ProjectAdmins(accessRange(p, behind)))
		},
	})
	serveReport(s, report[*unreviewedQuery, projectAccess]{
		route:   route{http.MethodGet, reportsPath + "/unreviewed-access", "report_unreviewed_access", "Reports", "List the access that nobody has reviewed for some days"},
		columns: projectAccessColumns, complete: named,
		rows: func(p asOf, in *unreviewedQuery, behind rowKey) iter.Seq[projectAccess] {
			return projectAccessRows(p.then, p.then.Unreviewed(p.daysBefore(in.Days), accessRange(p, behind)))
		},
	})
}

// daysBefore returns the time so many times 24 hours before the one that is asked about.
func (p asOf) daysBefore(days int) time.Time {
	return p.then.Instant().Add(-time.Duration(days) * 24 * time.Hour)
}

// pendingInvite is an invite that nobody has accepted and nobody has revoked.
type pendingInvite struct {
	Invite    events.InviteID  `json:"invite"`
	Email     string           `json:"email,omitzero" doc:"Only for those who see the invites."`
	Role      events.RoleKey   `json:"role" doc:"In the organization."`
	RoleLabel string           `json:"role_label" doc:"What the role is called."`
	User      events.UserID    `json:"user,omitzero" doc:"The user whom it is for, if known."`
	Projects  []offeredProject `json:"projects,omitempty" doc:"Joined on acceptance; those that the actor sees."`
	Sent      Origin           `json:"sent"`
	Expires   time.Time        `json:"expires_at,omitzero" doc:"Left out: never."`
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
		rows: func(p asOf, in *pendingInvitesQuery, behind rowKey) iter.Seq[pendingInvite] {
			return pendingInvites(p, p.then.PendingInvites(p.daysBefore(in.Days)), behind)
		},
		complete: func(ctx context.Context, p asOf, rows []pendingInvite) (err error) {
			seesInvites := p.authorize(domain.SeeingInvites, domain.About{}) == nil
			for i := range rows {
				if !seesInvites {
					break
				}
				if rows[i].Email, err = s.Keyring.Read(ctx, p.then.ID(), rows[i].sealed); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// pendingInvites yields the invites that come behind a key.
func pendingInvites(p asOf, ids []events.InviteID, behind rowKey) iter.Seq[pendingInvite] {
	org := p.then
	return func(yield func(pendingInvite) bool) {
		for _, id := range ids {
			if !p.walk.proceed() {
				return
			}
			invite, _ := org.Invite(id)
			row := pendingInvite{
				Invite: id, Role: invite.Role, RoleLabel: org.RoleLabel(invite.Role), User: invite.Member, Sent: originOf(org.ID(), invite.Sent),
				Expires: invite.Expires, sealed: invite.Email,
			}
			if row.key().compare(behind) <= 0 {
				continue
			}
			row.InviteState, row.Projects = inviteStateOf(org, p.actor, invite), offeredProjects(org, invite, p.seesProject)
			if !yield(row) {
				return
			}
		}
	}
}

func (s *Server) reportRoutes() {
	s.inviteReport()
	s.withoutOwnerReport()
	s.seatsReport()
	s.similarLoginsReport()
	s.accessSummaryReports()
	s.projectAccessReports()
}
