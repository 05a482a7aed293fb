package domain

import "github.com/seed-2026d078/roster/events"

// CreateOrganization opens an organization under a scheme.
type CreateOrganization struct {
	Name   string
	Scheme *Scheme
	// Owner joins with the highest role; empty leaves the organization without
	// members where the system creates it.
	Owner events.UserID
	// OwnerProfile is what is known about the owner.
	OwnerProfile PersonalData
}

// Decide lets anybody open an organization, which they join as its owner. The id of a
// deleted organization stays taken, since its history remains; only the system may create
// an organization with it again.
func (c CreateOrganization) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	switch {
	case org.Exists(), org.version > 0 && m.Actor != events.System:
		return nil, ErrOrganizationExists
	case m.Actor != events.System && c.Owner != "" && c.Owner != m.Actor:
		return nil, ErrNotAllowed.because("Who creates an organization owns it; leave the owner out.")
	}
	if err := validateName(c.Name); err != nil {
		return nil, err
	}
	owner := c.Owner
	if owner == "" {
		owner = m.Actor
	}
	happened := []events.Event{events.OrganizationCreated{Name: c.Name, Scheme: c.Scheme.Scheme}}
	if owner == events.System {
		return happened, nil
	}
	if err := validateID("user", owner); err != nil {
		return nil, err
	}
	if err := c.OwnerProfile.validateMetadata(); err != nil {
		return nil, err
	}
	return append(happened, c.OwnerProfile.joined(owner, c.Scheme.organization.highest())), nil
}
