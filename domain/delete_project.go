package domain

import "github.com/seed-2026d078/roster/events"

// DeleteProject ends a project with every grant, assignment, override and link.
type DeleteProject struct{ Project events.ProjectID }

// Decide lets those whom the scheme allows delete a project.
func (c DeleteProject) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, DeletingProject, About{Project: c.Project}); err != nil {
		return nil, err
	}
	return []events.Event{events.ProjectDeleted{Project: c.Project}}, nil
}
