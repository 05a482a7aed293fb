package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/projections"
)

// Each function here is the list of the same name for a time in the past.

// pageOfPast answers with a page of items of the past as rows.
func pageOfPast[I, R any](p asOf, items []ordered[I], paging Paging, row func(I) R) (*answer[List[R]], error) {
	page, err := pageOf(p.walk, items, paging)
	if err != nil {
		return nil, err
	}
	return fromMemory(p.now, p.position, rowsOf(page, row)), nil
}

func (s *Server) listPastMembers(ctx context.Context, in *membersQuery) (*answer[List[Member]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, domain.SeeingMembers, domain.About{})
	if err != nil {
		return nil, hideMembers(err)
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	if in.Role != "" {
		if err := p.then.Scheme().ValidateOrganizationRole(in.Role); err != nil {
			return nil, err
		}
	}
	var users []events.UserID
	for user, member := range paced(p, p.then.Members()) {
		if (in.Role == "" || member.Role == in.Role) && (in.Status == "" || projections.StatusOf(p.then, user) == in.Status) {
			users = append(users, user)
		}
	}
	people, err := s.pastPeople(ctx, p, users, in.Search, nobody)
	if err != nil {
		return nil, err
	}
	levels, projects := levelEncoder{}, domain.NewProjectCounter(p.then, p.now, p.actor)
	return pageOfPast(p, people, in.Paging, func(person projections.Person) Member {
		of, _ := p.then.Member(person.User)
		row := memberOf(p.then, person.User, of, levels, projects, domain.AvailableActions{})
		row.Person = personOf(person)
		return row
	})
}

func (s *Server) listPastInvites(ctx context.Context, in *invitesQuery) (*answer[List[invite]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, domain.SeeingInvites, domain.About{})
	if err != nil {
		return nil, err
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	var invites []ordered[invite]
	for id, of := range paced(p, p.then.Invites()) {
		row := inviteOf(p.then, id, of, p.seesProject)
		if row.Email, err = s.Keyring.Read(ctx, in.Org, of.Email); err != nil {
			return nil, err
		}
		invites = append(invites, inOrder(row, row.Email, string(id)))
	}
	return pageOfPast(p, invites, in.Paging, func(row invite) invite { return row })
}

func (s *Server) listPastProjects(ctx context.Context, in *projectsQuery) (*answer[List[project]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	return pageOfPast(p, p.projects(in.Search, func(id events.ProjectID, of domain.Project) bool {
		return p.seesProject(id) && (in.archived() == nil || of.Archived == *in.archived())
	}), in.Paging, func(id events.ProjectID) project {
		role := p.then.Access(p.actor, id).Role
		row := project{ProjectFacts: p.facts(id), Role: role, RoleLabel: projectRoleLabel(p.then, role), AvailableActions: projectActions(domain.AvailableActions{})}
		if p.authorize(domain.SeeingProjectMembers, domain.About{Project: id}) == nil {
			counts := p.count(id)
			row.People, row.Teams = &counts.People, &counts.Teams
		}
		return row
	})
}

// projects returns the projects of the past that a search finds.
func (p asOf) projects(search string, keep func(events.ProjectID, domain.Project) bool) []ordered[events.ProjectID] {
	words := collation.Words(search)
	var found []ordered[events.ProjectID]
	for id, of := range paced(p, p.then.Projects()) {
		if keep(id, of) && matches(words, of.Name, string(id)) {
			found = append(found, inOrder(id, of.Name, string(id)))
		}
	}
	return found
}

func (s *Server) listPastMemberProjects(ctx context.Context, in *memberProjectsQuery) (*answer[List[memberProject]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	member, joined := p.then.Member(in.User)
	if !joined && p.authorize(domain.SeeingMembers, domain.About{Member: in.User}) == nil {
		return nil, domain.NoMember(in.User)
	}
	visible, levels := visibleFormerTeams(p.now, p.then, p.actor), levelEncoder{}
	return pageOfPast(p, p.projects("", func(id events.ProjectID, _ domain.Project) bool {
		return p.then.Access(in.User, id).Reason == "" && maySeeAccess(p.now, p.actor, in.User, id) == nil
	}), in.Paging, func(id events.ProjectID) memberProject {
		access := p.then.Access(in.User, id)
		return memberProject{
			p.facts(id), access.Role, projectRoleLabel(p.then, access.Role), sourcesOf(p.then, visible, access.Sources), levels.encode(access), overridesOf(in.Org, member, id, access),
		}
	})
}

func (s *Server) listPastTeams(ctx context.Context, in *teamsQuery) (*answer[List[team]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	words, visible := collation.Words(in.Search), visibleFormerTeams(p.now, p.then, p.actor)
	var teams []ordered[events.TeamID]
	for id, of := range paced(p, p.then.Teams()) {
		if visible(id) && matches(words, of.Name, string(id)) {
			teams = append(teams, inOrder(id, of.Name, string(id)))
		}
	}
	return pageOfPast(p, teams, in.Paging, func(id events.TeamID) team {
		of, _ := p.then.Team(id)
		return teamOf(p.then, id, of, visible, domain.AvailableActions{})
	})
}

func (s *Server) listPastTeamMembers(ctx context.Context, in *teamMembersQuery) (*answer[List[teamMember]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	of, was := p.then.Team(in.Team)
	if !was || !visibleFormerTeams(p.now, p.then, p.actor)(in.Team) {
		return nil, domain.NoTeam(p.actor, in.Team)
	}
	if p.actor != events.System && !p.now.SeesTeamMembers(p.actor, in.Team) {
		return nil, domain.ErrNoMembers
	}
	var users []events.UserID
	for user := range paced(p, of.Members()) {
		users = append(users, user)
	}
	people, err := s.pastPeople(ctx, p, users, "", nobody)
	if err != nil {
		return nil, err
	}
	return pageOfPast(p, people, in.Paging, func(person projections.Person) teamMember {
		member, _ := of.Member(person.User)
		return teamMember{
			personOf(person), member.Role, teamRoleLabel(p.then, member.Role), projections.StatusOf(p.then, person.User), originOf(in.Org, member.Origin), availableActions(domain.AvailableActions{}),
		}
	})
}
