package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

func (s *state) assignment(id events.ProjectID, team events.TeamID) Assignment {
	a, _ := s.projects.At(id).Assignment(team)
	return a
}

// Project returns a project, and whether there is one.
func (o Organization) Project(id events.ProjectID) (Project, bool) { return o.projects.Get(id) }

// Projects yields every project, in no particular order.
func (o Organization) Projects() iter.Seq2[events.ProjectID, Project] { return o.projects.All() }

// CountProjects returns how many projects there are.
func (o Organization) CountProjects() int { return o.projects.Len() }

func (s *state) changeProject(id events.ProjectID, change func(*Project)) {
	projects, project := champ.Update(s.owner, s.projects, id)
	change(project)
	s.projects = projects
}
