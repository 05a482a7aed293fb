package domain

import (
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Team is a team of the organization.
type Team struct {
	Name        string
	Description string
	Privacy     events.Privacy
	Colour      events.Colour
	// Parent is the team above; empty at the top level.
	Parent  events.TeamID
	Created events.Origin

	// id is the string that members and assignments share.
	id       events.TeamID
	children []events.TeamID
	projects champ.Map[events.ProjectID, Assignment]
	members  champ.Map[events.UserID, TeamMember]
}

// TeamMember is somebody's membership of a team.
type TeamMember struct {
	Role events.RoleKey
	events.Origin
}

// Projects yields the projects that the team itself is assigned to, in no particular order.
func (t Team) Projects() iter.Seq2[events.ProjectID, Assignment] { return t.projects.All() }

// Member returns somebody's place in the team itself, and whether there is one.
func (t Team) Member(id events.UserID) (TeamMember, bool) { return t.members.Get(id) }

// Members yields the members of the team itself, in no particular order.
func (t Team) Members() iter.Seq2[events.UserID, TeamMember] { return t.members.All() }

// CountMembers returns how many are in the team itself.
func (t Team) CountMembers() int { return t.members.Len() }

// Team returns a team, and whether there is one.
func (o Organization) Team(id events.TeamID) (Team, bool) { return o.teams.Get(id) }

// TeamNamed returns the id of the team with a name, and whether there is one.
func (o Organization) TeamNamed(name string) (events.TeamID, bool) { return o.teamNames.Get(name) }

// Teams yields every team, in no particular order.
func (o Organization) Teams() iter.Seq2[events.TeamID, Team] { return o.teams.All() }

// Ancestors yields a team, then the teams above it whose assignments its members
// inherit, nearest first. Where the scheme has no inheritance it yields the team alone.
func (o Organization) Ancestors(id events.TeamID) iter.Seq2[events.TeamID, Team] {
	return func(yield func(events.TeamID, Team) bool) {
		for id != "" {
			team := o.teams.At(id)
			if team == nil || !yield(team.id, *team) || !o.scheme.Teams.Inherit {
				return
			}
			id = team.Parent
		}
	}
}

// Descendants yields a team, then the teams below it that inherit its assignments.
// Where the scheme has no inheritance it yields the team alone.
func (o Organization) Descendants(id events.TeamID) iter.Seq2[events.TeamID, Team] {
	return func(yield func(events.TeamID, Team) bool) { o.descendants(id, yield) }
}

func (o Organization) descendants(id events.TeamID, yield func(events.TeamID, Team) bool) bool {
	team := o.teams.At(id)
	if team == nil {
		return true
	}
	if !yield(team.id, *team) {
		return false
	}
	if o.scheme.Teams.Inherit {
		for _, child := range team.children {
			if !o.descendants(child, yield) {
				return false
			}
		}
	}
	return true
}

// isBelow reports whether a team is another one, or is anywhere below it.
func (o Organization) isBelow(id, other events.TeamID) bool {
	for id != "" && id != other {
		id = o.teams.At(id).Parent
	}
	return id == other
}

func (o Organization) changeTeam(transient *champ.Transient, id events.TeamID, change func(*Team)) Organization {
	teams, team := o.teams.UpdateTransient(transient, id)
	change(team)
	o.teams = teams
	return o
}

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
