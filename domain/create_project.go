package domain

import "github.com/seed-2026d078/roster/events"

// CreateProject opens a project.
type CreateProject struct {
	Project     events.ProjectID
	Name        string
	Description string
}

// Decide lets those whom the scheme allows create projects; a person who does is
// granted the creator's role on it.
func (c CreateProject) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, CreatingProject, About{}); err != nil {
		return nil, err
	}
	if err := validateID("project", c.Project); err != nil {
		return nil, err
	}
	if err := validateName(c.Name); err != nil {
		return nil, err
	}
	if err := validateDescription(c.Description); err != nil {
		return nil, err
	}
	if org.projects.At(c.Project) != nil {
		return nil, ErrProjectExists
	}
	happened := []events.Event{events.ProjectCreated{Project: c.Project, Name: c.Name, Description: c.Description}}
	if role := org.scheme.ProjectCreator; role != "" && m.Actor != events.System {
		happened = append(happened, events.ProjectMemberAdded{Project: c.Project, Member: m.Actor, Role: role, Creator: true})
	}
	return happened, nil
}
