package domain

import "github.com/seed-2026d078/roster/events"

// DescribeProject gives a project another description; an empty one removes it.
type DescribeProject struct {
	Project     events.ProjectID
	Description string
}

// Decide lets those whom the scheme allows describe a project.
func (c DescribeProject) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, DescribingProject, About{Project: c.Project}); err != nil {
		return nil, err
	}
	if err := validateDescription(c.Description); err != nil {
		return nil, err
	}
	if c.Description == org.projects.At(c.Project).Description {
		return nil, nil // already so
	}
	return []events.Event{events.ProjectDescribed{Project: c.Project, Description: c.Description}}, nil
}
