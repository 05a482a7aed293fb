package events

import (
	"iter"
	"strconv"
	"time"
)

// Position is the number of a commit in the ledger: 1, 2, 3 without gaps. The zero value
// is before the first commit.
type Position uint64

// Version counts the entries of one organization: 1, 2, 3 without gaps. The zero
// value is an organization that has none.
type Version uint64

// Commit is one message of the ledger: entries that became durable together.
type Commit struct {
	// ID tells a commit of ours from somebody else's at the same position.
	ID string `json:"id"`
	// Previous is the hash of the message before; zero for the first commit.
	Previous Hash `json:"previous"`
	// At is when it was recorded, in UTC, by the clock of who recorded it. It is before that of
	// an earlier commit if that clock was set back, or was another one.
	At      time.Time `json:"at"`
	Entries []Entry   `json:"entries"`

	// Position is where the ledger holds it; it is no part of the message.
	Position Position `json:"-"`
	// Hash is the SHA-256 of the message; it is no part of the message.
	Hash Hash `json:"-"`
}

// Instant is the instant at which the command of an entry was judged: see [Moment.Instant].
func (c *Commit) Instant(e *Entry) time.Time { return Moment{At: e.At, Now: c.At}.Instant() }

// Checkpoint returns the checkpoint of a reader whose last commit is this one.
func (c *Commit) Checkpoint() Checkpoint { return Checkpoint{c.Position, c.Hash} }

// Entry holds the events of one command.
type Entry struct {
	Organization OrganizationID `json:"organization"`
	// Version is the version of the organization after this entry.
	Version Version `json:"version"`
	// Key is the idempotency key, unique within the organization for a day;
	// empty where the caller gave none.
	Key string `json:"key,omitzero"`
	// Digest stands for the command's content, to tell a repeated command from
	// another one under the same key.
	Digest string `json:"digest,omitzero"`
	// Actor is who gave the command, under whose rights it was decided; the zero value is the system.
	Actor UserID `json:"actor,omitzero"`
	// OnBehalfOf is for whom the actor gave it, as the caller says; the zero value is for nobody else. It gives no rights.
	OnBehalfOf UserID `json:"on_behalf_of,omitzero"`
	// At is when it happened, in UTC; never before the organization's last entry.
	At time.Time `json:"at"`
	// Cause says in the caller's words what led to the command.
	Cause string `json:"cause,omitzero"`
	// Traceparent is the trace in which the command was given. It is recorded for readers of the feed alone.
	Traceparent Traceparent `json:"traceparent,omitzero"`
	Events      Facts       `json:"events"`
}

// Moment is when and by whom a command is given.
type Moment struct {
	Actor UserID
	// At is when it happens, as it is recorded: Now, or the past that an importer states. It
	// is later than Now only if the organization's last entry is, which a clock recorded that
	// was ahead: an organization's time never runs backwards.
	At time.Time
	// Now is when it is decided.
	Now time.Time
}

// Instant is the instant at which the command is judged: who has access then, and which ends
// have passed. It is At, but never after Now.
func (m Moment) Instant() time.Time {
	if m.At.After(m.Now) {
		return m.Now
	}
	return m.At
}

// Checkpoint is how far a reader of the ledger has come: the position of a
// commit and its hash. The zero value is the beginning.
type Checkpoint struct {
	Position Position
	Hash     Hash
}

// Recorded is an event with its origin: its number in the organization's history, when it
// happened, and who caused it.
type Recorded struct {
	Event Event
	Origin
}

// Origin names an event, such as the one that granted a role, with its time and actor.
type Origin struct {
	Version Version
	Index   int
	At      time.Time
	Actor   UserID
}

// Before reports whether the event happened before another one of the same organization.
func (o Origin) Before(other Origin) bool {
	return o.Version < other.Version || o.Version == other.Version && o.Index < other.Index
}

// ID returns the event's id within the whole ledger: organization/version/index.
func (o Origin) ID(org OrganizationID) string {
	return string(org) + "/" + strconv.FormatUint(uint64(o.Version), 10) + "/" + strconv.Itoa(o.Index)
}

// Recorded yields the entry's events with their origins.
func (e *Entry) Recorded() iter.Seq[Recorded] {
	return func(yield func(Recorded) bool) {
		for i, event := range e.Events {
			if !yield(Recorded{Event: event, Origin: Origin{Version: e.Version, Index: i, At: e.At, Actor: e.Actor}}) {
				return
			}
		}
	}
}
