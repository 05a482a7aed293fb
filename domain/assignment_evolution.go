package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

func (s *state) assign(id events.ProjectID, a Assignment) {
	a.Role = s.scheme.project.intern(a.Role)
	s.changeTeam(a.Team, func(t *Team) {
		a.Team = t.id
		t.projects = t.projects.SetTransient(s.owner, id, a)
	})
	teams := s.descendantIDs(a.Team)
	s.changeProject(id, func(p *Project) { p.addAssignments(a, teams) })
}

func (s *state) unassign(id events.ProjectID, team events.TeamID) {
	s.changeTeam(team, func(t *Team) { t.projects = t.projects.DeleteTransient(s.owner, id) })
	s.changeProject(id, func(p *Project) {
		p.removeAssignments(func(a inheritedAssignment) bool { return a.Team == team })
	})
}

// addInherited gives a team, and all teams below it, the assignments of parent and of
// the teams above it.
func (s *state) addInherited(id, parent events.TeamID) {
	if !s.scheme.Teams.Inherit {
		return
	}
	teams := s.descendantIDs(id)
	for _, team := range (Organization{state: s}).Ancestors(parent) {
		for project, a := range team.projects.All() {
			s.changeProject(project, func(p *Project) { p.addAssignments(a, teams) })
		}
	}
}

// removeInherited takes from a team, and from all teams below it, the assignments of
// parent and of the teams above it.
func (s *state) removeInherited(id, parent events.TeamID) {
	if !s.scheme.Teams.Inherit {
		return
	}
	teams := s.descendantIDs(id)
	for above, team := range (Organization{state: s}).Ancestors(parent) {
		for project := range team.projects.All() {
			s.changeProject(project, func(p *Project) {
				p.removeAssignments(func(a inheritedAssignment) bool {
					_, inherits := slices.BinarySearch(teams, a.via)
					return inherits && a.Team == above
				})
			})
		}
	}
}

// descendantIDs lists a team and all that inherit from it, in the order of their ids.
func (s *state) descendantIDs(id events.TeamID) []events.TeamID {
	var ids []events.TeamID
	for descendant := range (Organization{state: s}).Descendants(id) {
		ids = append(ids, descendant)
	}
	slices.Sort(ids)
	return ids
}
