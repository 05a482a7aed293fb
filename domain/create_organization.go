package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// CreateOrganization opens an organization under a scheme.
type CreateOrganization struct {
	Name   string
	Scheme *Scheme
	// Owner joins with the highest role; empty leaves the organization without
	// members where the system creates it.
	Owner events.UserID
	// OwnerProfile is what is known about the owner.
	OwnerProfile PersonalData
	// MaxOfActor is how many organizations there may be that the actor has created; zero
	// means that there is no limit. It does not limit the system.
	MaxOfActor int
}

// Decide lets anybody open an organization, which they join as its owner. The id of a
// deleted organization stays taken, since its history remains; only the system may create
// an organization with it again.
func (c CreateOrganization) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	switch {
	case org.Exists(), org.version > 0 && m.Actor != events.System:
		return nil, ErrOrganizationExists
	case m.Actor != events.System && c.Owner != "" && c.Owner != m.Actor:
		return nil, ErrNotAllowed.Because("Who creates an organization owns it; leave the owner out.")
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

func (c CreateOrganization) maxOfActor() int { return c.MaxOfActor }

// maxOfActor is that of the item that creates the organization.
func (b Batch) maxOfActor() int {
	for _, item := range b {
		if create, ok := item.(CreateOrganization); ok {
			return create.MaxOfActor
		}
	}
	return 0
}

// mayCreate fails if a command would create an organization of an actor who has created as many
// as they may.
func (r Roster) mayCreate(org Organization, c Command, m events.Moment) error {
	creates, ok := c.(interface{ maxOfActor() int })
	if !ok || m.Actor == events.System || org.Exists() {
		return nil
	}
	created, _ := r.created.Get(m.Actor)
	if limit := creates.maxOfActor(); limit > 0 && created >= limit {
		return ErrTooManyOrganizations.Because("You have created %s and may have no more; delete one, or ask whoever runs Roster.", phrase.Count(created, "organization that still exists,", "organizations that still exist,"))
	}
	return nil
}

// countCreated adds to the number of organizations that somebody has created.
func (r Roster) countCreated(by events.UserID, change int) Roster {
	if by == events.System {
		return r
	}
	created, _ := r.created.Get(by)
	if created += change; created == 0 {
		r.created = champ.Delete(r.transient, r.created, by)
	} else {
		r.created = champ.Set(r.transient, r.created, by, created)
	}
	return r
}
