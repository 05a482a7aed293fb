package bus

import (
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/events"
)

// Errors that callers may want to tell apart.
var (
	// ErrUnavailable says that the ledger did not answer in time. What was to be
	// appended may have been appended or not.
	ErrUnavailable = errors.New("the ledger cannot be reached: repeat the command under the same idempotency key, it takes effect once")

	// ErrNoSpace says that the disk of the ledger is full. Nothing was appended.
	ErrNoSpace = errors.New("the disk of the ledger is full: nothing was recorded, make room on it; commands go on by themselves then")

	// ErrNotWritable says that the server of the ledger has failed to write. Nothing was appended.
	ErrNotWritable = errors.New("the server of the ledger fails to write to its disk: nothing was recorded, look at the disk and at the log")

	// ErrKeyReused says that an idempotency key was used for another command before.
	ErrKeyReused = errors.New("the idempotency key was already used for another command: use a new key for a new command")

	// ErrContended says that other writers were faster many times in a row. Nothing
	// was appended.
	ErrContended = errors.New("others kept writing to the ledger first: nothing was recorded, try again")

	// ErrNoCommit says that the ledger has no commit at a position.
	ErrNoCommit = errors.New("the ledger holds no commit there")

	// ErrNoLedger says that there is no ledger where one must be.
	ErrNoLedger = errors.New("the NATS server keeps no ledger")

	// ErrUnsynced says that the server may lose what it has acknowledged.
	ErrUnsynced = errors.New("the NATS server does not sync every write, as far as it tells, and the stream has fewer than 3 replicas: " +
		"on a power failure acknowledged commands of the last minutes may be lost; " +
		"set sync_interval: always on the server, use 3 replicas, or accept that risk expressly")
)

// StaleError says that the organization has another version than the request
// requires.
type StaleError struct{ Current events.Version }

func (e *StaleError) Error() string {
	return fmt.Sprintf("the organization is at version %d by now: read it again, then decide again", e.Current)
}

// TooLargeError says that the events of one command do not fit into a message.
type TooLargeError struct {
	// Limit and Size are in bytes.
	Limit, Size int
}

func (e *TooLargeError) Error() string {
	return fmt.Sprintf("the command leads to %d bytes of events, the limit is %d: split it into several", e.Size, e.Limit)
}

// ConflictError says that there is another commit at the position of ours, which was
// not appended.
type ConflictError struct{ Position events.Position }

func (e *ConflictError) Error() string {
	return fmt.Sprintf("somebody else wrote commit %d first", e.Position)
}

// BrokenError says that commits of the ledger were lost or changed after they were
// written, or that this program does not know what a newer one wrote: Err is
// [events.ErrNewer] then, and the ledger is whole.
type BrokenError struct {
	// Position is where this was found.
	Position events.Position
	// Reason says what is wrong, and what to do if something can be done.
	Reason string
	// Err is the error that was found; it may be nil.
	Err error
}

func (e *BrokenError) Error() string {
	if errors.Is(e.Err, events.ErrNewer) {
		return fmt.Sprintf("the ledger cannot be read from position %d on, and is not damaged there: %v", e.Position, e.Err)
	}
	if e.Err != nil {
		return fmt.Sprintf("the ledger breaks at position %d: %s: %v", e.Position, e.Reason, e.Err)
	}
	return fmt.Sprintf("the ledger breaks at position %d: %s", e.Position, e.Reason)
}

// Unwrap returns Err.
func (e *BrokenError) Unwrap() error { return e.Err }

// SettingError says that the stream has a setting that a ledger must not have.
type SettingError struct{ Stream, Setting, Want, Got string }

func (e *SettingError) Error() string {
	return fmt.Sprintf("stream %s has %s %s, a ledger needs %s: change it, or give the ledger a NATS account of its own",
		e.Stream, e.Setting, e.Got, e.Want)
}
