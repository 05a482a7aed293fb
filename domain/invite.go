package domain

import (
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Invite is a pending offer of membership.
type Invite struct {
	Role    events.RoleKey
	Email   events.Sealed
	Sent    events.Origin
	Expires time.Time
	// Member is whom it is for, where that is known.
	Member events.UserID
	// Levels are the person's own in the organization.
	Levels events.Levels
	// Until is when the membership will end; the zero value means never.
	Until time.Time

	address  events.AddressHash
	token    events.Hash
	projects []events.ProjectRole
}

// Projects lists the projects that are joined on acceptance.
func (i Invite) Projects() iter.Seq[events.ProjectRole] { return slices.Values(i.projects) }

// Expired reports whether the invite can no longer be accepted at an instant.
func (i Invite) Expired(at time.Time) bool { return !i.Expires.IsZero() && !at.Before(i.Expires) }

// includesProject reports whether the invite includes a project.
func (i Invite) includesProject(id events.ProjectID) bool {
	return slices.ContainsFunc(i.projects, func(p events.ProjectRole) bool { return p.Project == id })
}
