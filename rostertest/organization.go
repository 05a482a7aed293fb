package rostertest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Organization creates an organization under a scheme with an owner, who has the scheme's highest role; an empty one leaves it
// without. Then come the commands, in their order: those of [Member], [Project] and [Team], and any of package
// domain. The system gives them, 1,000 at a time. The test fails at once if a rule refuses one.
//
// The built-in schemes are agency, campaign, data-model, github, owner-member and scoped.
func (s *Server) Organization(id events.OrganizationID, scheme string, owner events.UserID, with ...domain.Command) {
	s.t.Helper()
	rules := s.schemes[scheme]
	if rules == nil {
		require.Fail(s.t, fmt.Sprintf("there is no scheme %q; there are %q", scheme, slices.Sorted(maps.Keys(s.schemes))))
	}
	all := append([]domain.Command{domain.CreateOrganization{Name: string(id), Scheme: rules, Owner: owner}}, with...)
	for some := range slices.Chunk(all, domain.MaxItems) {
		s.Do(id, domain.Batch(some))
	}
}

// Member is the command that adds somebody to the organization; an empty role is the scheme's default.
func Member(user events.UserID, role events.RoleKey) domain.Command {
	return domain.AddMember{Member: user, Role: role}
}

// ProjectSetup is the command that creates a project, with the people on it.
type ProjectSetup struct {
	domain.Batch

	id events.ProjectID
}

// Project is the command that creates a project, called as its id is.
func Project(id events.ProjectID) ProjectSetup {
	return ProjectSetup{domain.Batch{domain.CreateProject{Project: id, Name: string(id)}}, id}
}

// With adds a member of the organization to the project; an empty role is the scheme's default.
func (p ProjectSetup) With(user events.UserID, role events.RoleKey) ProjectSetup {
	return ProjectSetup{append(slices.Clip(p.Batch), domain.AddProjectMember{Project: p.id, Member: user, Role: role}), p.id}
}

// TeamSetup is the command that creates a team, with its people and projects.
type TeamSetup struct {
	domain.Batch

	id events.TeamID
}

// Team is the command that creates a team, called as its id is. Not all schemes have teams.
func Team(id events.TeamID) TeamSetup {
	return TeamSetup{domain.Batch{domain.CreateTeam{Team: id, Name: string(id)}}, id}
}

// Below puts the team below another one, whose access it inherits.
func (t TeamSetup) Below(parent events.TeamID) TeamSetup {
	return t.and(domain.MoveTeam{Team: t.id, To: parent})
}

// With adds a member of the organization to the team; an empty role is the scheme's default.
func (t TeamSetup) With(user events.UserID, role events.RoleKey) TeamSetup {
	return t.and(domain.AddTeamMember{Team: t.id, Member: user, Role: role})
}

// On gives everybody in the team a role on a project; an empty one is the scheme's default.
func (t TeamSetup) On(project events.ProjectID, role events.RoleKey) TeamSetup {
	return t.and(domain.AssignTeam{Team: t.id, Project: project, Role: role})
}

func (t TeamSetup) and(c domain.Command) TeamSetup {
	return TeamSetup{append(slices.Clip(t.Batch), c), t.id}
}
