package feed

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

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
	// Actor is who gave the command; left out: the system. Cause is why, in the sender's words.
	Actor = "ce-actor"
	Cause = "ce-cause"
	// Complete is the position up to which every commit is in the stream, before this message.
	Complete = "ce-complete"
	// Epoch is another one after a relay began anew. Messages at the end of the stream may have been lost
	// then: a reader looks again at what follows the last heartbeat that it had before.
	Epoch = "ce-epoch"

	// sinceHeader is the sequence of the stream behind which all messages are that belong to commits after
	// Complete.
	sinceHeader = "roster-since"
	// hash is that of the commit at Complete.
	hash = "roster-hash"
	// node is the relay that sent a heartbeat; left out if it has ended.
	node = "roster-node"
)

// heartbeatType is the type of a heartbeat.
const heartbeatType = "heartbeat.v1"

const (
	sourcePrefix     = "/v1/organizations/"
	subjectPrefix    = "roster.events."
	heartbeatSubject = "roster.heartbeat"
)

// Subject returns the subject of an organization's messages of a type.
func Subject(org events.OrganizationID, t events.Type) string {
	return subjectPrefix + string(org) + "." + string(t)
}

// attributes are those that all messages of an entry share.
func attributes(c *events.Commit, entry *events.Entry, count int) nats.Header {
	h := nats.Header{
		SpecVersion:     {"1.0"},
		Source:          {sourcePrefix + string(entry.Organization)},
		Time:            {formatTime(entry.At)},
		ContentType:     {"application/json"},
		Position:        {number(uint64(c.Position))},
		Version:         {number(uint64(entry.Version))},
		PreviousVersion: {number(uint64(entry.Version - 1))},
		Count:           {strconv.Itoa(count)},
		Recorded:        {formatTime(c.At)},
	}
	if entry.Actor != "" {
		h[Actor] = []string{encode(string(entry.Actor))}
	}
	if entry.Cause != "" {
		h[Cause] = []string{encode(entry.Cause)}
	}
	return h
}

func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

func number(n uint64) string { return strconv.FormatUint(n, 10) }

// encode writes a text as the value of a header: what is not printable ASCII, and space, quote and
// percent sign, is percent-encoded, as the HTTP binding of CloudEvents has it (3.1.3.2), which that
// for NATS follows.
func encode(text string) string {
	plain := func(c byte) bool { return c > ' ' && c < 0x7f && c != '"' && c != '%' }
	i := 0
	for i < len(text) && plain(text[i]) {
		i++
	}
	if i == len(text) {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if c := text[i]; plain(c) {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

// parseNumber reads the number in a header.
func parseNumber(h nats.Header, name string) (uint64, error) {
	n, err := strconv.ParseUint(h.Get(name), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("the header %s of a message in %s: %w", name, StreamName, err)
	}
	return n, nil
}
