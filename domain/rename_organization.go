package domain

import "github.com/seed-2026d078/roster/events"

// RenameOrganization gives the organization another name.
type RenameOrganization struct{ To string }

// Decide lets those whom the scheme allows rename the organization.
func (c RenameOrganization) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RenamingOrganization, About{}); err != nil {
		return nil, err
	}
	if err := validateName(c.To); err != nil {
		return nil, err
	}
	if c.To == org.name {
		return nil, nil // already so
	}
	return []events.Event{events.OrganizationRenamed{From: org.name, To: c.To}}, nil
}
