package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/projections"
)

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

func (s *Server) listPastProjectMembers(ctx context.Context, in *projectMembersQuery) (*answer[projectMembers], error) {
	p, err := s.pastProject(ctx, in.AtTime, in.ProjectPath)
	if err != nil {
		return nil, err
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	if in.Role != "" {
		if err := p.then.Scheme().ValidateProjectRole(in.Role); err != nil {
			return nil, err
		}
	}
	people, err := s.findPastProjectMembers(ctx, p, in.Project, in.Paging, projections.ProjectMemberFilter{
		Search: in.Search, Role: in.Role, Source: in.Source, Inactive: in.Inactive,
	})
	if err != nil {
		return nil, err
	}
	page := projectMembers{List: people}
	if in.After == "" {
		page.Counts = new(p.count(in.Project))
	}
	return fromMemory(p.now, p.position, page), nil
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

func (s *Server) listPastProjectTeams(ctx context.Context, in *projectTeamsQuery) (*answer[List[projectTeam]], error) {
	p, err := s.pastProject(ctx, in.AtTime, in.ProjectPath)
	if err != nil {
		return nil, err
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	found, err := s.findPastProjectTeams(ctx, p, in.Project, in.Paging, projections.ProjectTeamFilter{Search: in.Search, Inactive: in.Inactive})
	return fromMemory(p.now, p.position, found), err
}

// findPastProjectTeams is findProjectTeams for the past.
func (s *Server) findPastProjectTeams(ctx context.Context, p asOf, id events.ProjectID, paging Paging, q projections.ProjectTeamFilter) (List[projectTeam], error) {
	project, _ := p.then.Project(id)
	on := projections.NewProjectMatcher(p.then, id, projections.ProjectMemberFilter{Search: q.Search})
	words, visible := collation.Words(q.Search), visibleFormerTeams(p.now, p.then, p.actor)
	var teams []ordered[domain.Assignment]
	for a := range project.Assignments() {
		if !visible(a.Team) || p.ended(a) != q.Inactive {
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

// searchPastProject is searchProject for the past.
func (s *Server) searchPastProject(ctx context.Context, in *projectSearchQuery) (*answer[projectSearch], error) {
	p, err := s.pastProject(ctx, in.AtTime, in.ProjectPath)
	if err != nil {
		return nil, err
	}
	defer p.walk.end() //nolint:errcheck // pageOf returns its error
	first := Paging{Limit: in.Limit}
	people, err := s.findPastProjectMembers(ctx, p, in.Project, first, projections.ProjectMemberFilter{Search: in.Search})
	if err != nil {
		return nil, err
	}
	teams, err := s.findPastProjectTeams(ctx, p, in.Project, first, projections.ProjectTeamFilter{Search: in.Search})
	return fromMemory(p.now, p.position, projectSearch{people, teams, p.count(in.Project)}), err
}

// count counts who was on a project.
func (p asOf) count(id events.ProjectID) projectCounts {
	project, _ := p.then.Project(id)
	count := p.then.CountOnProject(id)
	counts, visible := projectCounts{People: count.People, Direct: count.Direct}, visibleFormerTeams(p.now, p.then, p.actor)
	for a := range project.Assignments() {
		if !p.ended(a) && visible(a.Team) {
			counts.Teams++
		}
	}
	return counts
}

// ended reports whether an assignment had ended.
func (p asOf) ended(a domain.Assignment) bool {
	return !a.Until.IsZero() && !a.Until.After(p.then.Instant())
}
