package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Assignment is a role given to a team on one project.
type Assignment struct {
	Team events.TeamID
	// Role is empty where the scheme gives each member their default.
	Role events.RoleKey
	// term is when the assignment is in effect; nil is always. The value is never changed, only replaced.
	term *term
	// Origin is the event that gave the present role.
	events.Origin

	// joined is the event that put the team on the project; nil if the role has not changed
	// since.
	joined *events.Origin
}

// newTerm returns the term from one time until another; nil if it is always.
func newTerm(from, until time.Time) *term {
	if from.IsZero() && until.IsZero() {
		return nil
	}
	return &term{from: from, until: until}
}

// From returns when the assignment starts, or has started later than somebody made it; the zero value
// means that it started at once.
func (a Assignment) From() time.Time {
	if a.term == nil {
		return time.Time{}
	}
	return a.term.from
}

// Until returns when the assignment ends; the zero value means never.
func (a Assignment) Until() time.Time {
	if a.term == nil {
		return time.Time{}
	}
	return a.term.until
}

// started reports whether the assignment's start has passed at an instant.
func (a *Assignment) started(at time.Time) bool { return a.term == nil || a.term.started(at) }

// ended reports whether the assignment's end has passed at an instant.
func (a *Assignment) ended(at time.Time) bool { return a.term != nil && a.term.ended(at) }

// changeTerm replaces the term.
func (a *Assignment) changeTerm(change func(*term)) {
	var t term
	if a.term != nil {
		t = *a.term
	}
	change(&t)
	a.term = &t
}

// Joined returns the event that put the team on the project, whatever the role was then.
func (a Assignment) Joined() events.Origin {
	if a.joined == nil {
		return a.Origin
	}
	return *a.joined
}

// InEffect reports whether an assignment gives access: it has started, and has not ended.
func (o Organization) InEffect(a Assignment) bool { return o.counts(a.term) }
