package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
	"github.com/seed-2026d078/roster/internal/collation"
)

func (s *state) createTeam(e events.TeamCreated, origin events.Origin) {
	s.teams = champ.Set(s.owner, s.teams, e.Team, Team{
		Name: e.Name, Description: e.Description, Privacy: e.Privacy, Colour: e.Colour, Parent: e.Parent, Created: origin, id: e.Team,
	})
	s.addTeamName(e.Name, e.Team)
	s.addChild(e.Parent, e.Team)
	s.setAncestors(e.Team, s.ancestorsBelow(e.Parent))
}

func (s *state) renameTeam(e events.TeamRenamed) {
	s.removeTeamName(e.From, e.Team)
	s.addTeamName(e.To, e.Team)
	s.changeTeam(e.Team, func(t *Team) { t.Name = e.To })
}

func (s *state) addTeamName(name string, id events.TeamID) {
	key := collation.FoldCase(name)
	named, _ := s.teamNames.Get(key)
	s.teamNames = champ.Set(s.owner, s.teamNames, key, insertSorted(named, id))
}

func (s *state) removeTeamName(name string, id events.TeamID) {
	key := collation.FoldCase(name)
	named, _ := s.teamNames.Get(key)
	if named = removeSorted(named, id); len(named) > 0 {
		s.teamNames = champ.Set(s.owner, s.teamNames, key, named)
	} else {
		s.teamNames = champ.Delete(s.owner, s.teamNames, key)
	}
}

func (s *state) moveTeam(e events.TeamMoved) {
	s.removeChild(e.From, e.Team)
	s.addChild(e.To, e.Team)
	s.changeTeam(e.Team, func(t *Team) { t.Parent = e.To })
	s.setAncestors(e.Team, s.ancestorsBelow(e.To))
}

func (s *state) addChild(parent, child events.TeamID) {
	if parent != "" {
		s.changeTeam(parent, func(t *Team) { t.children = t.children.set(child, idOrder(child)) })
	}
}

func (s *state) removeChild(parent, child events.TeamID) {
	if parent != "" {
		s.changeTeam(parent, func(t *Team) { t.children = t.children.without(idOrder(child)) })
	}
}

func (s *state) removeTeam(id events.TeamID) {
	team, _ := s.teams.Get(id)
	// A loop over what is changed in place ends before the change.
	for _, project := range slices.Collect(team.projects.Keys()) {
		s.unassign(project, id)
	}
	for user := range team.members.All() {
		s.changeMember(user, func(m *Member) { m.teams = removeSorted(m.teams, id) })
	}
	s.removeTeamName(team.Name, id)
	s.teams = champ.Delete(s.owner, s.teams, id)
	s.ancestors = champ.Delete(s.owner, s.ancestors, id)
	s.removeChild(team.Parent, id)
}

func (s *state) addTeamMember(id events.TeamID, user events.UserID, teamMember TeamMember) {
	teamMember.Role = s.scheme.team.intern(teamMember.Role)
	s.changeTeam(id, func(t *Team) {
		t.members = champ.Set(s.owner, t.members, user, teamMember)
		id = t.id
	})
	s.changeMember(user, func(m *Member) { m.teams = insertSorted(m.teams, id) })
}

// changeTeamMemberRole keeps the event with which the person joined the team.
func (s *state) changeTeamMemberRole(e events.TeamRoleChanged, origin events.Origin) {
	present, _ := s.teams.At(e.Team).Member(e.Member)
	s.addTeamMember(e.Team, e.Member, TeamMember{Role: e.To, Origin: origin, joined: new(present.Joined())})
}

func (s *state) removeTeamMember(id events.TeamID, user events.UserID) {
	s.changeMember(user, func(m *Member) { m.teams = removeSorted(m.teams, id) })
	s.changeTeam(id, func(t *Team) { t.members = champ.Delete(s.owner, t.members, user) })
}
