package domain

import "github.com/seed-2026d078/roster/events"

// Command asks for a change.
type Command interface {
	// Decide decides the command in the present state: it returns the events that
	// follow, none where nothing changes, or a [*Rejection].
	Decide(org Organization, m events.Moment) ([]events.Event, error)
}

// MaxItems is the most commands that one bulk command takes, and the most projects that
// one invite names.
const MaxItems = 1000
