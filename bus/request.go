package bus

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Request asks a desk to decide a command.
type Request[C any] struct {
	Organization events.OrganizationID
	Command      C
	Actor        events.UserID
	// At is when it happens; zero is now.
	At time.Time
	// Key makes the request safe to repeat for a day; empty: it is not. What a
	// request answered that recorded nothing is not kept: repeated, it is decided
	// anew.
	Key string
	// Digest stands for the command's content, to tell a repeated request from
	// another one under the same key.
	Digest string
	// Cause says in the caller's words what led to the command.
	Cause string
	// IfVersion is the version that the organization must have; zero is any.
	IfVersion events.Version
	// Err is why the request is refused, where that is known before it is decided. A
	// repeated request is answered as the first one was, all the same.
	Err error
}

// Receipt says what became of a request.
type Receipt struct {
	// Position is where the ledger holds it, or where it stood when nothing
	// needed to change.
	Position events.Position
	// Version is the organization's afterwards.
	Version events.Version
	// At is when it happened.
	At time.Time
	// Events are what it led to; none: nothing needed to change.
	Events []events.Event
	// Repeated says that this was recorded before, under the same key.
	Repeated bool
}

// call is a request on its way through the desk.
type call[C any] struct {
	Request[C]
	// gone is closed when the caller no longer waits.
	gone   <-chan struct{}
	answer chan answer
	// fault is set once evolving by this call's events has failed.
	fault error
}

// answer is what a caller gets.
type answer struct {
	receipt Receipt
	err     error
}

func (c *call[C]) abandoned() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}
