package projections

import (
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Status says whether somebody's membership, or access to a project, holds.
type Status string

// The statuses: who is suspended and whose end has passed at once is suspended.
const (
	Active      Status = "active"
	Deactivated Status = "deactivated"
	Ended       Status = "ended"
)

// StatusOf returns the status of a membership at the instant of the organization.
func StatusOf(org domain.Organization, user events.UserID) Status {
	member, joined := org.Member(user)
	if _, deactivated := member.Deactivated(); deactivated {
		return Deactivated
	}
	if joined && !org.Sees(user) {
		return Ended
	}
	return Active
}

// Conditions on the membership of m, as of now, which the few members who are not
// active are found by in an index of their own.
const (
	inactive = `(m.deactivated OR m.until <= now())`
	active   = inactive + ` IS NOT TRUE`
)

const statusColumn = `CASE WHEN m.deactivated THEN 'deactivated' WHEN m.until <= now() THEN 'ended' ELSE 'active' END`

// condition is that of a status; empty is any.
func (s Status) condition() string {
	switch s {
	case Active:
		return active
	case Deactivated:
		return `m.deactivated`
	case Ended:
		return `NOT m.deactivated AND m.until <= now()`
	}
	return everything
}
