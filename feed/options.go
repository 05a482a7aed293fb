package feed

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/subscribername"
)

// Handler handles a message. If it returns an error, it is called again with the same message. Its context
// ends when Subscribe has to end and has waited for [Options].Grace.
type Handler func(ctx context.Context, m *Message) error

// Options say what is read, and how.
type Options struct {
	// Subscriber is the name under which Roster knows the service.
	Subscriber string
	// Organizations are those that are read; none: all that the subscriber may read.
	Organizations []events.OrganizationID
	// Types are those of the messages that are read, such as [AccessRevoked]; none: all.
	Types []events.Type

	// Ephemeral reads without a place that Roster keeps: every call of Subscribe begins at Start, and each of
	// several processes gets all messages. Otherwise the place is the subscriber's: one process at a time
	// gets messages, and another one goes on where it ended.
	Ephemeral bool
	// Start is where a subscriber begins that has no place yet; the zero value means now.
	Start Start
	// Restart forgets the place, and begins at Start.
	Restart bool

	// Concurrency is how many handlers run at once at most; 0 means 16.
	Concurrency int
	// Tries is how often a handler is called with a message that it fails for, until that becomes a dead letter;
	// 0 means 8. With Ephemeral there are no dead letters, and Subscribe returns the error.
	Tries int
	// Pause is the time between the first two tries. It doubles up to 10 s; 0 means 100 ms.
	Pause time.Duration
	// Grace is how long Subscribe waits at its end for handlers that run; 0 means 10 s.
	Grace time.Duration

	// Log receives what goes wrong and is tried again; nil drops it.
	Log *slog.Logger
	// Report is called every second with how far behind the subscriber is; nil reports nothing.
	Report func(Lag)
}

// Lag is how far behind a subscriber is.
type Lag struct {
	// Messages is how many are in the stream that are not handled.
	Messages uint64
	// Behind is the time since the newest instant of Roster's clock of which it is known that everything recorded until
	// then is handled. Roster sends a heartbeat every second: if this grows while there are no messages, nothing is
	// heard. It is zero until the first message or heartbeat.
	Behind time.Duration
	// Position is one in the ledger up to which everything is handled.
	Position events.Position
}

// Defaults of [Options].
const (
	defaultConcurrency = 16
	defaultTries       = 8
	defaultPause       = 100 * time.Millisecond
	defaultGrace       = 10 * time.Second
)

// after returns the position up to which no message is wanted, where that is known.
func (o *Options) after() events.Position {
	if o.Start.After == nil || !o.Ephemeral && !o.Restart {
		return 0 // it may have a place before that
	}
	return *o.Start.After
}

// withDefaults fills in what is left out. It fails for what cannot be meant.
func (o Options) withDefaults() (Options, error) {
	if err := subscribername.Check(o.Subscriber); err != nil {
		return o, err
	}
	if o.Concurrency < 0 || o.Tries < 0 || o.Pause < 0 || o.Grace < 0 {
		return o, errors.New("an option of a subscriber is negative")
	}
	if o.Concurrency == 0 {
		o.Concurrency = defaultConcurrency
	}
	if o.Tries == 0 {
		o.Tries = defaultTries
	}
	if o.Pause == 0 {
		o.Pause = defaultPause
	}
	if o.Grace == 0 {
		o.Grace = defaultGrace
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o, nil
}

// Temporary marks an error of a handler that is not the message's fault, such as a database that does not answer. The
// handler is called again until it works, and the message becomes no dead letter. Meanwhile the organization's other messages wait.
func Temporary(err error) error { return &temporaryError{err} }

type temporaryError struct{ err error }

func (e *temporaryError) Error() string { return e.err.Error() }

// Unwrap returns the error that was marked.
func (e *temporaryError) Unwrap() error { return e.err }
