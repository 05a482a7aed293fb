package domain

import "github.com/seed-2026d078/roster/events"

// DeleteOrganization ends an organization with everything in it.
type DeleteOrganization struct{}

// Decide lets those whom the scheme allows delete the organization.
func (DeleteOrganization) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, DeletingOrganization, About{}); err != nil {
		return nil, err
	}
	return []events.Event{events.OrganizationDeleted{}}, nil
}
