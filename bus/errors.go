package bus

import (
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/events"
)

// Errors that callers tell apart.
var (
	// ErrUnavailable says that the ledger did not answer in time: what was to be
	// recorded may be recorded or not.
	ErrUnavailable = errors.New("the ledger cannot be reached: repeat the command under the same idempotency key, it takes effect once")

	// ErrKeyReused says that an idempotency key came back with another command.
	ErrKeyReused = errors.New("the idempotency key was already used for another command: use a new key for a new command")

	// ErrContended says that other writers were faster time and again; nothing
	// was recorded.
	ErrContended = errors.New("others kept writing to the ledger first: nothing was recorded, try again")

	// ErrNoCommit says that the ledger holds no commit at a position.
	ErrNoCommit = errors.New("the ledger holds no commit there")

	// ErrUnsynced says that the server may lose what it acknowledged.
	ErrUnsynced = errors.New("the NATS server does not sync every write, as far as it tells, and the stream has fewer than 3 replicas: " +
		"on a power failure acknowledged commands of the last minutes may be lost; " +
		"set sync_interval: always on the server, use 3 replicas, or accept that risk expressly")
)

// StaleError says that the organization has moved on from the version that the
// caller demanded.
type StaleError struct{ Current events.Version }

func (e *StaleError) Error() string {
	return fmt.Sprintf("the organization is at version %d by now: read it again, then decide again", e.Current)
}

// TooLargeError says that one command leads to more than fits into a message.
type TooLargeError struct {
	// Limit and Size are in bytes.
	Limit, Size int
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the command leads to %d bytes of events, the limit is %d: split it into several", e.Size, e.Limit)
}

// ConflictError says that another commit stands where ours was to go; ours was
// not recorded.
type ConflictError struct{ Position events.Position }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("somebody else wrote commit %d first", e.Position)
}

// BrokenError says that the ledger is not what was once written.
type BrokenError struct {
	// Position is where it shows.
	Position events.Position
	// Reason says how, and what to do where something can be done.
	Reason string
	// Err is what led to this finding; it may be nil.
	Err error
}

func (e *BrokenError) Error() string {
	if e.Err != nil {
		return fmt.Sprintf("the ledger breaks at position %d: %s: %v", e.Position, e.Reason, e.Err)
	}
	return fmt.Sprintf("the ledger breaks at position %d: %s", e.Position, e.Reason)
}

// Unwrap returns what led to this finding.
func (e *BrokenError) Unwrap() error { return e.Err }

// SettingError says that a stream exists with settings that a ledger must not have.
type SettingError struct{ Stream, Setting, Want, Got string }

func (e *SettingError) Error() string {
	return fmt.Sprintf("stream %s has %s %s, a ledger needs %s: change it, or give the ledger a NATS account of its own",
		e.Stream, e.Setting, e.Got, e.Want)
}
