package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

func (s *state) assign(id events.ProjectID, a Assignment) {
	a.Role = s.scheme.project.intern(a.Role)
	s.changeTeam(a.Team, func(t *Team) {
		a.Team = t.id
		t.projects = champ.Set(s.owner, t.projects, id, a)
	})
	s.changeProject(id, func(p *Project) { p.assignments = p.assignments.set(a, assignmentOf(a.Team)) })
}

func (s *state) changeAssignment(id events.ProjectID, team events.TeamID, change func(*Assignment)) {
	a := s.assignment(id, team)
	change(&a)
	s.assign(id, a)
}

func (s *state) unassign(id events.ProjectID, team events.TeamID) {
	s.changeTeam(team, func(t *Team) { t.projects = champ.Delete(s.owner, t.projects, id) })
	s.changeProject(id, func(p *Project) { p.assignments = p.assignments.without(assignmentOf(team)) })
}
