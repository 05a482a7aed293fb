package domain

import "github.com/seed-2026d078/roster/events"

// RenameProject gives a project another name.
type RenameProject struct {
	Project events.ProjectID
	To      string
}

// Decide lets those whom the scheme allows rename a project.
func (c RenameProject) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RenamingProject, About{Project: c.Project}); err != nil {
		return nil, err
	}
	if err := validateName(c.To); err != nil {
		return nil, err
	}
	from := org.projects.At(c.Project).Name
	if c.To == from {
		return nil, nil // already so
	}
	return []events.Event{events.ProjectRenamed{Project: c.Project, From: from, To: c.To}}, nil
}
