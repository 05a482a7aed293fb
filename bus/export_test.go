package bus

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// SetPullWait changes how long a reader waits for an answer, and the time between two
// heartbeats of the server; 500 ms is the least. Call it before reading.
func (l *Ledger) SetPullWait(wait time.Duration) { l.pullWait = wait }

// SetLimit changes how many bytes may wait for a follower.
func (f *Follower[S]) SetLimit(bytes int) { f.limit = bytes }

// Waiting returns how many bytes wait for a follower or are being taken, and
// whether it is attached.
func (f *Follower[S]) Waiting() (bytes int, attached bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.bytes, f.attached
}

// Queued returns how many requests wait to be decided.
func (d *Desk[S, C]) Queued() int { return len(d.calls) }

// Present returns the time by which a command is decided in an organization with a version, where the desk's own is now.
func (d DecidedOn) Present(version events.Version, now time.Time) time.Time {
	return d.present(version, now)
}
