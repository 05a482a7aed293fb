package feed

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/events"
)

// Message is an event, or a change of somebody's access, as a [Handler] gets it.
type Message struct {
	// ID is the same whenever the stream is made again.
	ID           string
	Type         events.Type
	Organization events.OrganizationID
	// Subject is whom or what it is about, such as user/ada; empty for the organization itself.
	Subject string

	// Event is an event of package events, such as [events.MemberRemoved], an [AccessMessage] or a
	// [ResyncMessage]. It is nil if this program does not know the type: Data has the body then.
	Event any
	// Data is the body, in JSON.
	Data jsontext.Value
	// Header has all attributes as they came, with what is not printable ASCII percent-encoded.
	Header nats.Header

	// Position is that of the commit in the ledger. Version is that of the organization after the command,
	// PreviousVersion the one before it.
	Position                 events.Position
	Version, PreviousVersion events.Version
	// Index is the number of the message among the Count messages of the command, from 0 on.
	Index, Count int
	// At is when it happened, Recorded when it was recorded.
	At, Recorded time.Time
	// Actor is who gave the command; empty for the system. OnBehalfOf is for whom the actor gave it; empty: for nobody
	// else. Cause is why, in the sender's words.
	Actor, OnBehalfOf events.UserID
	Cause             string
	// Traceparent is the trace in which the command was given; empty for none.
	Traceparent events.Traceparent

	// Retried says that it is a dead letter that is tried again. Later messages of the organization were handled
	// before it.
	Retried bool
	// LastTry says that the message becomes a dead letter if the handler fails now.
	LastTry bool
	// Unreadable is why the body cannot be read, though this program knows the type. A handler gets such a message only at its last try,
	// without Event, so that it can note that the message is not handled: it becomes a dead letter whatever the handler returns.
	Unreadable error
}

// Last reports whether the message is the last one of its command. Who must show no state in between
// keeps the messages before it where they are safe, and applies all of them at the last one.
func (m *Message) Last() bool { return m.Index == m.Count-1 }

// parseMessage reads all of a message but its event.
func parseMessage(header nats.Header, data []byte) (*Message, error) {
	a := ReadAttributes(header)
	m := &Message{
		ID: a.Text(ID), Type: events.Type(header.Get(Type)), Organization: events.OrganizationID(strings.TrimPrefix(header.Get(Source), SourcePrefix)), Subject: a.Text(SubjectAttr),
		Data: data, Header: header,
		Position: events.Position(a.Number(Position)), Version: events.Version(a.Number(Version)), PreviousVersion: events.Version(a.Number(PreviousVersion)),
		Index: int(a.Number(Index)), Count: int(a.Number(Count)), //nolint:gosec // a command has few messages
		At: a.Instant(Time), Recorded: a.Instant(Recorded), Actor: events.UserID(a.Text(Actor)), OnBehalfOf: events.UserID(a.Text(OnBehalfOf)), Cause: a.Text(Cause),
		Traceparent: events.ParseTraceparent(header.Get(Traceparent)),
	}
	if a.Err() != nil {
		return nil, &malformedError{a.Text(ID), a.Err()}
	}
	return m, nil
}

// Readable returns why a message of an organization cannot be read; nil if it can. Whether the body is that of its type does not matter.
func Readable(org events.OrganizationID, header nats.Header, data []byte) error {
	m, err := parseMessage(header, data)
	if err != nil {
		return err
	}
	if m.Organization != org || !org.Valid() {
		return fmt.Errorf("it is of the organization %q, not of %q", m.Organization, org)
	}
	for name, values := range header {
		if text := name + strings.Join(values, ""); !utf8.ValidString(text) {
			return fmt.Errorf("the header %q is not UTF-8", name)
		}
	}
	if !m.Data.IsValid() {
		return errors.New("its body is no JSON")
	}
	return nil
}

// decode reads the event.
func (m *Message) decode() error {
	switch m.Type {
	case AccessGranted, AccessChanged, AccessRevoked:
		return decodeBody[AccessMessage](m)
	case AccessResync:
		return decodeBody[ResyncMessage](m)
	}
	e, err := events.DecodeFields(m.Type, m.Data)
	if err == nil {
		m.Event = e
		return nil
	}
	if _, known := events.New(m.Type); !known {
		return nil
	}
	return err
}

func decodeBody[T any](m *Message) error {
	var body T
	if err := json.Unmarshal(m.Data, &body); err != nil {
		return fmt.Errorf("decode the body of %s: %w", m.Type, err)
	}
	m.Event = body
	return nil
}

// malformedError says that the headers of a message are not as they must be.
type malformedError struct {
	id  string
	err error
}

func (e *malformedError) Error() string {
	return fmt.Sprintf("message %q of the stream %s cannot be read: %v", e.id, StreamName, e.err)
}

func (e *malformedError) Unwrap() error { return e.err }
