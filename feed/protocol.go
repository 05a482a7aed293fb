package feed

import (
	"regexp"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/subscribername"
)

// What a subscriber says to Roster, on the subject that [SubscriberSubject] makes of its name and one of
// these. Bodies are JSON.
const (
	// Open asks for a consumer of the stream: [OpenRequest], answered by [OpenResponse].
	Open = "open"
	// Close says that a reader has ended: [CloseRequest], answered by [CloseResponse]. Otherwise the next reader of a
	// durable consumer waits 10 seconds for the messages, and a consumer of the reader's own is gone as late.
	Close = "close"
	// History asks for what happened in an organization, from its beginning: [HistoryRequest],
	// answered by [HistoryResponse].
	History = "history"
	// Organizations asks which organizations there are that the subscriber may read:
	// [OrganizationsRequest], answered by [OrganizationsResponse].
	Organizations = "organizations"
	// Progress tells how far a replica has come: [ProgressReport], answered by [ProgressResponse].
	Progress = "progress"
	// DeadLetter keeps a message that a subscriber cannot handle, answered by [DeadLetterResponse]. It has the headers and the body of the
	// message, [DeadLetterError] and [DeadLetterTries]. If it was a dead letter that was tried again, [DeadLetterSequence] says which one; it
	// takes the place of that one, also if there is no room for others.
	DeadLetter = "dead_letter"
	// Retry asks for the next dead letter that somebody wants tried again: [RetryRequest], answered by
	// [RetryResponse].
	Retry = "retry"
)

// Headers of a dead letter: the error, percent-encoded, how often the message was tried, and, if it was a dead letter that was tried again, the
// sequence that came with it.
const (
	DeadLetterError    = "roster-error"
	DeadLetterTries    = "roster-tries"
	DeadLetterSequence = "roster-sequence"
)

// SubscriberPrefix is what the subjects of all subscribers begin with.
const SubscriberPrefix = "roster.subscribers."

// SubscriberSubject returns the subject on which a subscriber says something. What it is about may follow, after a
// dot.
func SubscriberSubject(name, what string) string { return SubscriberPrefix + name + "." + what }

var validReplica = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

// ValidSubscriber reports whether a subscriber can have a name: a lower-case letter, followed by up to 31 such letters, digits or underscores.
func ValidSubscriber(name string) bool { return subscribername.Check(name) == nil }

// ValidReplica reports whether a replica can have a name: letters, digits, _ and -, 64 at most.
func ValidReplica(name string) bool { return validReplica.MatchString(name) }

// OpenRequest asks for a consumer.
type OpenRequest struct {
	// Durable asks for the subscriber's durable consumer, whose name is the subscriber's: Roster keeps how far it has
	// come, messages are acknowledged one by one, within 30 seconds, and at most 1,000 wait for that. One reader at
	// a time gets them, until it has asked for none for 10 seconds. Otherwise the consumer is this reader's own,
	// acknowledges nothing, and is gone 10 seconds after its last request. A reader's own consumer numbers its messages
	// without a gap.
	Durable bool `json:"durable,omitzero"`
	// Organizations are those that are read; none: all that the subscriber may read. If a durable consumer exists that
	// reads others, or other types, it reads these from where it is.
	Organizations []events.OrganizationID `json:"organizations,omitzero"`
	// Types are those of the messages that are read; none: all. Heartbeats are always read.
	Types []events.Type `json:"types,omitzero"`
	// Start is where a new consumer begins. A durable one that exists goes on where it is.
	Start Start `json:"start,omitzero"`
	// Restart makes a durable consumer anew at Start, if it exists. If that is refused, the consumer stays.
	Restart bool `json:"restart,omitzero"`
}

// Start is where reading begins. One field at most is set; the zero value means now.
type Start struct {
	// Beginning is the first message ever, of the organizations that are read if they are named. If it is no longer
	// kept, that is refused.
	Beginning bool `json:"beginning,omitzero"`
	// After is a position in the ledger: every message of a later commit is read. Messages of commits up to it
	// may be among them.
	After *events.Position `json:"after,omitzero"`
	// Time is a time: every message is read that was recorded then or later. Those of some minutes before may be among
	// them.
	Time time.Time `json:"time,omitzero"`
	// Sequence is that of the last message read, in the stream. It means nothing any more after the stream has lost its
	// end (see [Epoch]); a position always does.
	Sequence uint64 `json:"sequence,omitzero"`
}

// OpenResponse is the answer to [OpenRequest].
type OpenResponse struct {
	// Problem is why there is no consumer.
	Problem *Problem `json:"problem,omitzero"`
	// Consumer is its name in the stream [StreamName].
	Consumer string `json:"consumer,omitzero"`
	// Group is the priority group that reads from it, which each request for messages names.
	Group string `json:"group,omitzero"`
	// Complete is the position up to which everything is in the stream.
	Complete events.Position `json:"complete"`
}

// CloseRequest says that a reader has ended.
type CloseRequest struct {
	// Consumer and Group are those of the reader.
	Consumer string `json:"consumer"`
	Group    string `json:"group"`
	// Pin is the header Nats-Pin-Id of the last message of a durable consumer. If another reader has its messages now,
	// nothing happens.
	Pin string `json:"pin,omitzero"`
}

// CloseResponse is the answer to [CloseRequest].
type CloseResponse struct {
	Problem *Problem `json:"problem,omitzero"`
}

// Problem is why Roster refuses what a subscriber asks for.
type Problem struct {
	Code ProblemCode `json:"code"`
	// Detail says what to do, for people.
	Detail string `json:"detail"`
}

// ProblemCode tells problems apart.
type ProblemCode string

// The problems.
const (
	// SnapshotNeeded says that messages between the start and the first one kept are gone: take a snapshot
	// first, and start at its position.
	SnapshotNeeded ProblemCode = "snapshot_needed"
	// Rebuilding says that the stream is being made again: ask again in a moment.
	Rebuilding ProblemCode = "rebuilding"
	// Forbidden says that the subscriber may not read that, or is none.
	Forbidden ProblemCode = "forbidden"
	// TooManyReaders says that as many readers as can be use the subscriber's name.
	TooManyReaders ProblemCode = "too_many_readers"
	// Invalid says that the request cannot be understood.
	Invalid ProblemCode = "invalid"
	// Full says that as many dead letters, or replicas, of the subscriber are kept as may be.
	Full ProblemCode = "full"
	// Unavailable says that Roster cannot answer now: ask again in a moment.
	Unavailable ProblemCode = "unavailable"
)

// Error returns the detail.
func (p *Problem) Error() string { return p.Detail }

// OrganizationsRequest asks for the next page of the organizations that the subscriber may read.
type OrganizationsRequest struct {
	// After is the id behind which the page begins; empty: at the beginning.
	After events.OrganizationID `json:"after,omitzero"`
}

// OrganizationsResponse is a page of the organizations that exist, in the order of their ids.
type OrganizationsResponse struct {
	Problem       *Problem                `json:"problem,omitzero"`
	Organizations []events.OrganizationID `json:"organizations"`
	// Position is one up to which no other organization of this page was created.
	Position events.Position `json:"position"`
	More     bool            `json:"more"`
}

// HistoryRequest asks for the next page of what happened in an organization.
type HistoryRequest struct {
	Organization events.OrganizationID `json:"organization"`
	// After is the version behind which the page begins; 0: at the beginning.
	After events.Version `json:"after"`
	// Position is that of the entry with the version After. Without it Roster looks for that entry, which takes longer
	// the more came before.
	Position events.Position `json:"position,omitzero"`
}

// HistoryResponse is a page of what happened in an organization, in order. It has about 512 KiB at most, or one entry.
// If the subscriber names the organization, what an earlier one with the same id did is left out.
type HistoryResponse struct {
	Problem *Problem       `json:"problem,omitzero"`
	Entries []HistoryEntry `json:"entries"`
	// Position is one up to which the organization has nothing more than these pages, once there is no more.
	Position events.Position `json:"position"`
	More     bool            `json:"more"`
}

// HistoryEntry is what one command did.
type HistoryEntry struct {
	Position events.Position `json:"position"`
	Version  events.Version  `json:"version"`
	At       time.Time       `json:"at"`
	Recorded time.Time       `json:"recorded"`
	Actor    events.UserID   `json:"actor,omitzero"`
	// OnBehalfOf is for whom the actor gave the command; left out: for nobody else.
	OnBehalfOf events.UserID `json:"on_behalf_of,omitzero"`
	Cause      string        `json:"cause,omitzero"`
	// Traceparent is the trace in which the command was given; left out: none.
	Traceparent events.Traceparent `json:"traceparent,omitzero"`
	Events      []HistoryEvent     `json:"events"`
}

// HistoryEvent is an event as the stream has it: personal data is sealed, and secrets are left out.
type HistoryEvent struct {
	Type events.Type    `json:"type"`
	Data jsontext.Value `json:"data"`
}

// ProgressReport is how far a replica has come. It is told at each heartbeat that the replica has applied.
type ProgressReport struct {
	// Replica tells those of a subscriber apart, such as a host's name: 64 letters, digits, _ and - at most. 128 that have not ended
	// are known for a week.
	Replica string `json:"replica"`
	// Instance tells the replicas apart that have had the name one after the other: 64 random letters, digits, _ and - at most, new each
	// time that one begins. An Ended of another instance than the one that has reported last counts for nothing.
	Instance string `json:"instance"`
	// Number counts the reports of the instance. One that does not have a higher number than the last counts for nothing, so one that was not
	// answered can be sent again.
	Number uint64 `json:"number"`
	// Position is that up to which the replica has applied everything.
	Position events.Position `json:"position"`
	// Closed says that the replica answers no when it has heard nothing for its bound.
	Closed bool `json:"closed"`
	// Bound is in seconds.
	Bound float64 `json:"bound"`
	// Organizations are those that the replica holds; none: all that the subscriber may read.
	Organizations []events.OrganizationID `json:"organizations,omitzero"`
	// Ended says that the replica answers nothing any more.
	Ended bool `json:"ended,omitzero"`
}

// ProgressResponse is the answer to [ProgressReport].
type ProgressResponse struct {
	// Problem is why the report is not kept: this replica is in no receipt then.
	Problem *Problem `json:"problem,omitzero"`
}

// DeadLetterResponse is the answer to a dead letter.
type DeadLetterResponse struct {
	// Problem is why it is not kept.
	Problem *Problem `json:"problem,omitzero"`
}

// RetryRequest asks for the next dead letter that somebody wants tried again.
type RetryRequest struct {
	// Done is the sequence of the one that the subscriber got last, once it is handled or a dead letter
	// again. Otherwise that one comes again. 0: none.
	Done uint64 `json:"done,omitzero"`
}

// RetryResponse is a dead letter that is to be tried again.
type RetryResponse struct {
	Problem *Problem `json:"problem,omitzero"`
	// Sequence is its number; 0: there is none.
	Sequence uint64              `json:"sequence,omitzero"`
	Header   map[string][]string `json:"header,omitzero"`
	Data     jsontext.Value      `json:"data,omitzero"`
}
