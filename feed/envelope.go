package feed

import (
	"strconv"

	"github.com/seed-2026d078/roster/events"
)

// The attributes of a message, each a header. The first are those of CloudEvents 1.0, see its
// protocol binding for NATS.
const (
	SpecVersion = "ce-specversion"
	ID          = "ce-id"
	Source      = "ce-source"
	Type        = "ce-type"
	SubjectAttr = "ce-subject"
	Time        = "ce-time"
	DataSchema  = "ce-dataschema"
	ContentType = "content-type"

	// Position is that of the commit in the ledger.
	Position = "ce-position"
	// Version is that of the organization after the command.
	Version = "ce-version"
	// PreviousVersion is that of the organization in the message before, of another command: a
	// reader that knows less has missed something.
	PreviousVersion = "ce-previousversion"
	// Index and Count number the messages of a command, from 0 on: a reader that applies all of them
	// at once sees no state in between.
	Index = "ce-index"
	Count = "ce-count"
	// Recorded is when it was recorded.
	Recorded = "ce-recorded"
	// Actor is who gave the command; left out: the system. OnBehalfOf is for whom the actor gave it; left out: for nobody
	// else. Cause is why, in the sender's words.
	Actor      = "ce-actor"
	OnBehalfOf = "ce-onbehalfof"
	Cause      = "ce-cause"
	// Traceparent is the trace in which the command was given, where there was one: see CloudEvents' extension for
	// distributed tracing.
	Traceparent = "ce-traceparent"
	// Complete is the position up to which every commit is in the stream, before this message.
	Complete = "ce-complete"
	// Epoch is another one after a relay began anew. Messages at the end of the stream may have been lost
	// then: a reader looks again at what follows the last heartbeat that it had before.
	Epoch = "ce-epoch"
)

// StreamName is the name of the stream.
const StreamName = "EVENTS"

const (
	// SourcePrefix is what the source of a message begins with. The organization's id follows.
	SourcePrefix = "/v1/organizations/"
	// SubjectPrefix is what the subject of a message begins with; see [Subject].
	SubjectPrefix = "roster.events."
	// HeartbeatSubject is the subject of heartbeats.
	HeartbeatSubject = "roster.heartbeat"
	// SchemaPrefix is what the URI of a body's JSON Schema begins with. The type follows.
	SchemaPrefix = "roster:"
)

// Subject returns the subject of an organization's messages of a type. Created is the version to which its creation led. Where the
// organization took the place of a deleted one with the same id, that is more than 1 and stands behind the id, so that who may read one
// of them does not hear of the other.
func Subject(org events.OrganizationID, created events.Version, t events.Type) string {
	token := string(org)
	if created > 1 {
		token += "~" + strconv.FormatUint(uint64(created), 10)
	}
	return SubjectPrefix + token + "." + string(t)
}
