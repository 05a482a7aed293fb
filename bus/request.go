package bus

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Request is a command for a desk to decide.
type Request[C any] struct {
	Organization events.OrganizationID
	Command      C
	Actor        events.UserID
	// OnBehalfOf is for whom the actor gives it, and Traceparent the trace in which they do. Both are recorded, and decide
	// nothing. A repeated request is the same one whatever they are.
	OnBehalfOf  events.UserID
	Traceparent events.Traceparent
	// At is when it happens; zero means now.
	At time.Time
	// Key makes the request safe to repeat for a day. If it is empty, the request is
	// not safe to repeat. What a request appended is known from the ledger. That it
	// changed nothing, or was refused, only the desk that decided it knows, in memory:
	// it forgets the oldest of these answers when there are too many of an actor or of an
	// organization, and all of them when it ends.
	Key string
	// Digest stands for the command's content. It tells a repeated request from
	// another one under the same key.
	Digest string
	// Cause says in the caller's words why the command is given.
	Cause string
	// IfVersion is the version that the organization must have; zero means any.
	IfVersion events.Version
	// Err is why the request is refused, where that is known before it is decided. A
	// repeated request is answered as the first one was, all the same.
	Err error
	// Decided says on what the caller has decided the command already; the zero value: it has not.
	Decided DecidedOn
	// RefusalSize returns how many bytes an error takes that refuses this request for
	// good, so that a repetition is refused with it again. Zero says that the error is one of
	// the moment, and that a repetition is decided anew. Nil does so of all errors.
	RefusalSize func(error) int
}

// DecidedOn is what a command was decided on before the desk got it. If the organization still has the version, and not more than a second has passed, the
// desk decides by the same present, so that a state that knows the decision gives the same one. Otherwise it decides by its own.
type DecidedOn struct {
	Version events.Version
	// Now is [events.Moment.Now] of the decision.
	Now time.Time
}

// decidedFor is how long a present stays the present.
const decidedFor = time.Second

// present returns the time by which a command is decided: at most that of the desk.
func (d DecidedOn) present(version events.Version, now time.Time) time.Time {
	if ago := now.Sub(d.Now); d.Version == version && ago >= 0 && ago <= decidedFor {
		return d.Now
	}
	return now
}

// Receipt is the result of a request.
type Receipt struct {
	// Position is that of the commit, or the newest one if nothing had to change.
	Position events.Position
	// Version is that of the organization afterwards.
	Version events.Version
	// At is when it happened.
	At time.Time
	// Events are what the command led to. There are none if nothing had to change.
	Events []events.Event
	// Repeated says that an earlier request under the same key had this result.
	Repeated bool
}

// call is a request with its caller.
type call[C any] struct {
	Request[C]
	// gone is closed when the caller no longer waits.
	gone   <-chan struct{}
	answer chan answer
	// fault is set if the state cannot evolve by this call's events.
	fault error
}

// answer is what a caller gets.
type answer struct {
	receipt Receipt
	err     error
	// inLedger says that the receipt's time and events are still to be read from the
	// ledger.
	inLedger bool
	// known says that the answer was given before, whatever the state is now.
	known bool
	// unrecorded is how many bytes the answer takes, if it is to be remembered and the
	// ledger does not hold it; else zero.
	unrecorded int
}

func (c *call[C]) abandoned() bool {
	select {
	case <-c.gone:
		return true
	default:
		return false
	}
}
