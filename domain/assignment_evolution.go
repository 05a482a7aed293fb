package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

func (o Organization) assign(transient *champ.Transient, id events.ProjectID, a Assignment) Organization {
	a.Role = o.scheme.project.intern(a.Role)
	o = o.changeTeam(transient, a.Team, func(t *Team) {
		a.Team = t.id
		t.projects = t.projects.SetTransient(transient, id, a)
	})
	teams := o.descendantIDs(a.Team)
	return o.changeProject(transient, id, func(p *Project) { p.addAssignments(a, teams) })
}

func (o Organization) unassign(transient *champ.Transient, id events.ProjectID, team events.TeamID) Organization {
	o = o.changeTeam(transient, team, func(t *Team) { t.projects = t.projects.DeleteTransient(transient, id) })
	return o.changeProject(transient, id, func(p *Project) {
		p.removeAssignments(func(a inheritedAssignment) bool { return a.Team == team })
	})
}

// addInherited gives a team, and all teams below it, the assignments of parent and of
// the teams above it.
func (o Organization) addInherited(transient *champ.Transient, id, parent events.TeamID) Organization {
	if !o.scheme.Teams.Inherit {
		return o
	}
	teams := o.descendantIDs(id)
	for _, team := range o.Ancestors(parent) {
		for project, a := range team.projects.All() {
			o = o.changeProject(transient, project, func(p *Project) { p.addAssignments(a, teams) })
		}
	}
	return o
}

// removeInherited takes from a team, and from all teams below it, the assignments of
// parent and of the teams above it.
func (o Organization) removeInherited(transient *champ.Transient, id, parent events.TeamID) Organization {
	if !o.scheme.Teams.Inherit {
		return o
	}
	teams := o.descendantIDs(id)
	for above, team := range o.Ancestors(parent) {
		for project := range team.projects.All() {
			o = o.changeProject(transient, project, func(p *Project) {
				p.removeAssignments(func(a inheritedAssignment) bool {
					_, inherits := slices.BinarySearch(teams, a.via)
					return inherits && a.Team == above
				})
			})
		}
	}
	return o
}

// descendantIDs lists a team and all that inherit from it, in the order of their ids.
func (o Organization) descendantIDs(id events.TeamID) []events.TeamID {
	var ids []events.TeamID
	for descendant := range o.Descendants(id) {
		ids = append(ids, descendant)
	}
	slices.Sort(ids)
	return ids
}
