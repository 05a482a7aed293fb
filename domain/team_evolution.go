package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

func (o Organization) createTeam(transient *champ.Transient, e events.TeamCreated, origin events.Origin) Organization {
	o.teams = o.teams.SetTransient(transient, e.Team, Team{
		Name: e.Name, Description: e.Description, Privacy: e.Privacy, Colour: e.Colour, Parent: e.Parent, Created: origin, id: e.Team,
	})
	o.teamNames = o.teamNames.SetTransient(transient, e.Name, e.Team)
	return o.addChild(transient, e.Parent, e.Team).addInherited(transient, e.Team, e.Parent)
}

func (o Organization) renameTeam(transient *champ.Transient, e events.TeamRenamed) Organization {
	o.teamNames = o.teamNames.DeleteTransient(transient, e.From).SetTransient(transient, e.To, e.Team)
	return o.changeTeam(transient, e.Team, func(t *Team) { t.Name = e.To })
}

func (o Organization) moveTeam(transient *champ.Transient, e events.TeamMoved) Organization {
	o = o.removeInherited(transient, e.Team, e.From).removeChild(transient, e.From, e.Team).addChild(transient, e.To, e.Team)
	o = o.changeTeam(transient, e.Team, func(t *Team) { t.Parent = e.To })
	return o.addInherited(transient, e.Team, e.To)
}

func (o Organization) addChild(transient *champ.Transient, parent, child events.TeamID) Organization {
	if parent == "" {
		return o
	}
	return o.changeTeam(transient, parent, func(t *Team) { t.children = insertSorted(t.children, child) })
}

func (o Organization) removeChild(transient *champ.Transient, parent, child events.TeamID) Organization {
	if parent == "" {
		return o
	}
	return o.changeTeam(transient, parent, func(t *Team) { t.children = removeSorted(t.children, child) })
}

func (o Organization) removeTeam(transient *champ.Transient, id events.TeamID) Organization {
	team, _ := o.teams.Get(id)
	// A loop over what is changed in place ends before the change.
	for _, project := range slices.Collect(team.projects.Keys()) {
		o = o.unassign(transient, project, id)
	}
	for user := range team.members.All() {
		o = o.changeMember(transient, user, func(m *Member) { m.teams = removeSorted(m.teams, id) })
	}
	o = o.removeInherited(transient, id, team.Parent)
	o.teamNames = o.teamNames.DeleteTransient(transient, team.Name)
	o.teams = o.teams.DeleteTransient(transient, id)
	return o.removeChild(transient, team.Parent, id)
}

func (o Organization) addTeamMember(transient *champ.Transient, id events.TeamID, user events.UserID, teamMember TeamMember) Organization {
	teamMember.Role = o.scheme.team.intern(teamMember.Role)
	o = o.changeTeam(transient, id, func(t *Team) {
		t.members = t.members.SetTransient(transient, user, teamMember)
		id = t.id
	})
	return o.changeMember(transient, user, func(m *Member) { m.teams = insertSorted(m.teams, id) })
}

func (o Organization) removeTeamMember(transient *champ.Transient, id events.TeamID, user events.UserID) Organization {
	o = o.changeMember(transient, user, func(m *Member) { m.teams = removeSorted(m.teams, id) })
	return o.changeTeam(transient, id, func(t *Team) { t.members = t.members.DeleteTransient(transient, user) })
}
