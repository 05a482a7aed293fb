package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) projectSearchRoutes() {
	const one, tag = organizationPath + "/projects/{project}", "Project members"
	list(s, route{http.MethodGet, one + "/search", "search_project", tag, "Search the people and the teams on a project together"}, s.searchProject)
}

type projectSearchQuery struct {
	ProjectPath
	AtTime
	Search string `query:"search" maxLength:"255" doc:"A part of a name, login, email address, external id, or role; teams are found by their own name, too."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"The largest number of people, and of teams."`
}

// projectSearch is the first people and teams that a search finds on a project.
type projectSearch struct {
	People List[projectMember] `json:"people"`
	Teams  List[projectTeam]   `json:"teams"`
	Counts projectCounts       `json:"counts" doc:"Of the whole project, not only of what the search finds."`
}

func (s *Server) searchProject(ctx context.Context, in *projectSearchQuery) (*answer[projectSearch], error) {
	if in.asked() {
		return s.searchPastProject(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	first := projections.Page{Limit: in.Limit}
	people, err := s.findProjectMembers(ctx, org, in.Project, projections.ProjectMemberFilter{Search: in.Search, Page: first})
	if err != nil {
		return nil, err
	}
	teams, err := s.findProjectTeams(ctx, org, in.Project, projections.ProjectTeamFilter{Search: in.Search, Page: first})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, projectSearch{people, teams, s.counts.count(org, currentMoment(ctx, org), in.Project)}), nil
}

// searchPastProject is searchProject for the past.
func (s *Server) searchPastProject(ctx context.Context, in *projectSearchQuery) (*answer[projectSearch], error) {
	p, err := s.pastProject(ctx, in.AtTime, in.ProjectPath)
	if err != nil {
		return nil, err
	}
	first := Paging{Limit: in.Limit}
	people, err := s.findPastProjectMembers(ctx, p, in.Project, first, projections.ProjectMemberFilter{Search: in.Search})
	if err != nil {
		return nil, err
	}
	teams, err := s.findPastProjectTeams(ctx, p, in.Project, first, projections.ProjectTeamFilter{Search: in.Search})
	return fromMemory(p.now, p.position, projectSearch{people, teams, p.count(in.Project)}), err
}

// pastProject returns an organization for a question about the people and teams that were on
// a project.
func (s *Server) pastProject(ctx context.Context, at AtTime, id ProjectPath) (asOf, error) {
	p, err := s.past(ctx, id.Org, at.At.Time, domain.SeeingProjectMembers, domain.About{Project: id.Project})
	if err != nil {
		return p, hideMembers(err)
	}
	if _, was := p.then.Project(id.Project); !was {
		return p, domain.NoProject(p.actor, id.Project)
	}
	return p, nil
}

// projectTeam is a team that is assigned to a project.
type projectTeam struct {
	Team      events.TeamID  `json:"team"`
	Name      string         `json:"name"`
	Role      events.RoleKey `json:"role,omitzero" doc:"On the project; left out: each member has the default of theirs in the organization."`
	RoleLabel string         `json:"role_label,omitzero" doc:"What the role is called."`
	Privacy   events.Privacy `json:"privacy,omitzero"`
	Colour    events.Colour  `json:"colour" doc:"Of the icon: the one that was set, or else one that follows from the id."`
	Members   int            `json:"members" doc:"In the team itself."`
	From      *time.Time     `json:"from,omitzero" doc:"When the assignment starts, or has started later than it was made; left out: at once."`
	Until     *time.Time     `json:"until,omitzero" doc:"When the assignment ends, or has ended; left out: never."`
	Assigned  Origin         `json:"assigned"`
	AvailableActions
}

func projectTeamOf(org domain.Organization, of domain.Assignment, available domain.AvailableActions) projectTeam {
	team, _ := org.Team(of.Team)
	return projectTeam{
		Team: of.Team, Name: team.Name, Role: of.Role, RoleLabel: org.ProjectRoleLabel(of.Role), Privacy: team.Privacy, Colour: teamColour(of.Team, team), Members: team.CountMembers(),
		From: orNever(of.From()), Until: orNever(of.Until()), Assigned: originOf(org.ID(), of.Origin), AvailableActions: availableActions(available),
	}
}

// findProjectTeams finds the teams on a project that the actor sees.
func (s *Server) findProjectTeams(ctx context.Context, org domain.Organization, id events.ProjectID, q projections.ProjectTeamFilter) (List[projectTeam], error) {
	m := currentMoment(ctx, org)
	q.Keep = visibleTeams(org, m.Actor)
	found, err := s.Database.ListProjectTeams(ctx, org, id, q)
	project, _ := org.Project(id)
	actions := domain.NewActionFinder(org, m)
	return rowsOf(found, func(team events.TeamID) projectTeam {
		of, _ := project.Assignment(team)
		return projectTeamOf(org, of, actions.OnAssignment(id, team))
	}), err
}

// findPastProjectTeams is findProjectTeams for the past.
func (s *Server) findPastProjectTeams(ctx context.Context, p asOf, id events.ProjectID, paging Paging, q projections.ProjectTeamFilter) (List[projectTeam], error) {
	project, _ := p.then.Project(id)
	on := projections.NewProjectMatcher(p.then, id, projections.ProjectMemberFilter{Search: q.Search})
	words, visible := collation.Words(q.Search), visibleFormerTeams(p.now, p.then, p.actor)
	var teams []ordered[domain.Assignment]
	for a := range project.Assignments() {
		if !visible(a.Team) || p.then.InEffect(a) == q.Inactive {
			continue
		}
		team, _ := p.then.Team(a.Team)
		if !matches(words, team.Name, string(a.Team)) {
			people, err := s.pastPeople(ctx, p, p.reachedBy(a.Team), q.Search, on.HasSearchedRole)
			if err != nil {
				return List[projectTeam]{}, err
			}
			if len(people) == 0 {
				continue
			}
		}
		teams = append(teams, inOrder(a, team.Name, string(a.Team)))
	}
	found, err := pageOf(p.walk, teams, paging)
	return rowsOf(found, func(a domain.Assignment) projectTeam { return projectTeamOf(p.then, a, domain.AvailableActions{}) }), err
}

// reachedBy returns the people in a team and in those that inherited from it. Who was in
// several of them is there several times.
func (p asOf) reachedBy(id events.TeamID) []events.UserID {
	var users []events.UserID
	for _, team := range p.then.Descendants(id) {
		for user := range paced(p, team.Members()) {
			users = append(users, user)
		}
	}
	return users
}

// projectMember is somebody who has access to a project by any source, or whose access is
// not in force.
type projectMember struct {
	Person
	OrganizationRole      events.RoleKey     `json:"organization_role"`
	OrganizationRoleLabel string             `json:"organization_role_label" doc:"What the role in the organization is called."`
	Status                projections.Status `json:"status" enum:"active,deactivated,not_started,ended" doc:"Whether the access is in force and, if not, why."`
	Role                  events.RoleKey     `json:"role" doc:"The effective one: the highest over the sources."`
	RoleLabel             string             `json:"role_label" doc:"What the role is called."`
	Elevated              *time.Time         `json:"elevated_until,omitzero" doc:"Until when the person has this role by an elevation, beside a lower one or none; left out: they are not elevated."`
	Levels                encodedLevels      `json:"levels,omitzero" doc:"The effective level of every permission; left out if the access is not in force."`
	Sources               []Source           `json:"sources" doc:"Those in force. If there is none: those that start later or have ended, and those of a deactivated member."`
	Overrides             []Override         `json:"overrides,omitempty"`
	Badges                []Badge            `json:"badges,omitempty" enum:"protected,workspace_owner,creator,deactivated,not_started,ended" doc:"Marks of the person. A protected person cannot be removed or changed; a workspace owner holds a role of the organization that is protected."`
	JoinedProjectAt       time.Time          `json:"joined_project_at" doc:"When the oldest of the sources began, or will begin. A change of role does not move it."`
	JoinedOrganizationAt  time.Time          `json:"joined_organization_at" doc:"When they became a member of the organization."`
	From                  *time.Time         `json:"from,omitzero" doc:"When the first of the sources, and the membership of the organization, start, or have started later than they were given; left out: at once."`
	Until                 *time.Time         `json:"until,omitzero" doc:"When the last of the sources, or the membership of the organization, ends; left out: never."`
	Access                string             `json:"access" doc:"The source of the access in words: Direct, Creator, via TEAM, through organization role, elevated."`
	AvailableActions
}

// projectMemberRows makes the rows of one list of people on a project.
type projectMemberRows struct {
	org     domain.Organization
	project events.ProjectID
	visible func(events.TeamID) bool
	// actions finds what the actor may do; nil where they may do nothing, as in the past.
	actions *domain.ActionFinder
	levels  levelEncoder
}

// row returns the row of somebody on the project. A team that the actor does not see has
// no name in it. The row of somebody without access shows what they would have if nothing had
// a start or an end, and they were not deactivated.
func (r *projectMemberRows) row(p projections.Person) projectMember {
	org, id, user := r.org, r.project, p.User
	found, _ := org.Member(user)
	access := org.Access(user, id)
	row := projectMember{
		Person: personOf(p), OrganizationRole: found.Role, OrganizationRoleLabel: org.RoleLabel(found.Role),
		Status: projections.Active, JoinedOrganizationAt: found.Joined.At.UTC(),
	}
	var available domain.AvailableActions
	if r.actions != nil {
		available = r.actions.OnProjectMember(id, user)
	}
	row.AvailableActions = availableActions(available)
	if access.Reason == "" {
		row.Levels = r.levels.encode(access)
	} else {
		if row.Status = projections.StatusOf(org, user); row.Status == projections.Active {
			row.Status = projections.Ended // the membership is active, so the sources are not in effect
		}
		access = accessAtAnyTime(org, found, user, id)
		if row.Status == projections.Ended && slices.ContainsFunc(access.Sources, func(s domain.Source) bool { return s.From.After(org.Instant()) }) {
			row.Status = projections.NotStarted
		}
	}
	row.Role, row.RoleLabel, row.Elevated = access.Role, org.ProjectRoleLabel(access.Role), orNever(org.ElevatedUntil(user, id))
	row.Sources, row.Overrides = sourcesOf(org, r.visible, access.Sources), overridesOf(org.ID(), found, id, access)
	row.JoinedProjectAt = access.Since().UTC()
	row.From, row.Until = orNever(firstStart(access.Sources, found.From())), orNever(lastEnd(access.Sources, found.Until()))
	creator := slices.ContainsFunc(access.Sources, func(s domain.Source) bool { return s.Kind == domain.Creator })
	owner := org.Scheme().Protects(found.Role)
	if owner || creator && org.Scheme().CreatorProtected {
		row.Badges = append(row.Badges, protectedBadge)
	}
	if owner {
		row.Badges = append(row.Badges, workspaceOwnerBadge)
	}
	if creator {
		row.Badges = append(row.Badges, creatorBadge)
	}
	row.Badges = addBadge(row.Badges, row.Status)
	row.Access = accessInWords(row.Sources)
	return row
}

// accessAtAnyTime returns the access that somebody would have if nothing had a start or an end, and they
// were not deactivated.
func accessAtAnyTime(org domain.Organization, member domain.Member, user events.UserID, id events.ProjectID) domain.Access {
	return org.Scheme().Resolve(org.AllSources(user, id), member.OverridesOn(id))
}

// firstStart returns when the first of the sources starts, or the membership if that is later; the zero
// value means at once.
func firstStart(sources []domain.Source, membership time.Time) time.Time {
	first := slices.MinFunc(sources, func(a, b domain.Source) int { return a.From.Compare(b.From) }).From
	if membership.After(first) {
		return membership
	}
	return first
}

// lastEnd returns when the last of the sources ends, or the membership if that is earlier;
// the zero value means never.
func lastEnd(sources []domain.Source, membership time.Time) time.Time {
	var last time.Time
	for _, s := range sources {
		if s.Until.IsZero() {
			return membership
		}
		if s.Until.After(last) {
			last = s.Until
		}
	}
	if !membership.IsZero() && membership.Before(last) {
		return membership
	}
	return last
}

// accessInWords describes the source that is shown first.
func accessInWords(sources []Source) string {
	switch first := sources[0]; first.Kind {
	case domain.Direct:
		return "Direct"
	case domain.Creator:
		return "Creator"
	case domain.ThroughRole:
		return "through organization role"
	case domain.ThroughElevation:
		return "elevated"
	case domain.ThroughTeam:
	}
	i := slices.IndexFunc(sources, func(s Source) bool { return s.TeamName != "" })
	if i < 0 {
		return "via a team"
	}
	return "via " + sources[i].TeamName
}

// findProjectMembers lists people on a project. The caller has checked that the actor may
// see them.
func (s *Server) findProjectMembers(ctx context.Context, org domain.Organization, id events.ProjectID, q projections.ProjectMemberFilter) (List[projectMember], error) {
	found, err := s.Database.ListProjectMembers(ctx, org, id, q)
	m := currentMoment(ctx, org)
	rows := projectMemberRows{org, id, visibleTeams(org, m.Actor), domain.NewActionFinder(org, m), levelEncoder{}}
	return rowsOf(found, rows.row), err
}

// findPastProjectMembers is findProjectMembers for the past.
func (s *Server) findPastProjectMembers(ctx context.Context, p asOf, id events.ProjectID, paging Paging, q projections.ProjectMemberFilter) (List[projectMember], error) {
	on := projections.NewProjectMatcher(p.then, id, q)
	var users []events.UserID
	for user := range p.then.PeopleOnProject(id) {
		if !p.walk.proceed() {
			break
		}
		if on.Includes(user) {
			users = append(users, user)
		}
	}
	people, err := s.pastPeople(ctx, p, users, q.Search, on.HasSearchedRole)
	if err != nil {
		return List[projectMember]{}, err
	}
	found, err := pageOf(p.walk, people, paging)
	rows := projectMemberRows{org: p.then, project: id, visible: visibleFormerTeams(p.now, p.then, p.actor), levels: levelEncoder{}}
	return rowsOf(found, rows.row), err
}
