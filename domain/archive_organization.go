package domain

import (
	"errors"

	"github.com/seed-2026d078/roster/events"
)

// ArchiveOrganization makes the organization read only with everything in it.
type ArchiveOrganization struct{}

// Decide lets those whom the scheme allows archive the organization.
func (ArchiveOrganization) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	err := org.Authorize(m.Actor, ArchivingOrganization, About{})
	if errors.Is(err, ErrOrganizationArchived) {
		return nil, nil // already so
	}
	if err != nil {
		return nil, err
	}
	return []events.Event{events.OrganizationArchived{}}, nil
}

// RestoreOrganization ends the archiving.
type RestoreOrganization struct{}

// Decide lets those whom the scheme allows restore the organization.
func (RestoreOrganization) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RestoringOrganization, About{}); err != nil {
		return nil, err
	}
	if !org.archived {
		return nil, nil // already so
	}
	return []events.Event{events.OrganizationRestored{}}, nil
}
