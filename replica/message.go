package replica

import (
	"fmt"
	"strings"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// message is what the headers of a message say that a replica needs.
type message struct {
	kind              events.Type
	org               events.OrganizationID
	version, previous events.Version
	index, count      uint64
	// position is that of the commit, complete the one up to which everything is in the stream before this message.
	position, complete events.Position
}

// isAccess reports whether the message tells of a change of access, which the replica derives by itself.
func (m *message) isAccess() bool {
	switch m.kind {
	case feed.AccessGranted, feed.AccessChanged, feed.AccessRevoked, feed.AccessResync:
		return true
	}
	return false
}

// isHeartbeat reports whether the message says how far the stream goes.
func (m *message) isHeartbeat() bool { return m.kind == feed.HeartbeatType }

// parse reads the headers of a message.
func parse(h nats.Header) (message, error) {
	p := feed.ReadAttributes(h)
	m := message{kind: events.Type(h.Get(feed.Type)), position: events.Position(p.Number(feed.Position)), complete: events.Position(p.Number(feed.Complete))}
	if !m.isHeartbeat() {
		m.org = events.OrganizationID(strings.TrimPrefix(h.Get(feed.Source), feed.SourcePrefix))
		m.version, m.previous = events.Version(p.Number(feed.Version)), events.Version(p.Number(feed.PreviousVersion))
		m.index, m.count = p.Number(feed.Index), p.Number(feed.Count)
	}
	if p.Err() != nil {
		return message{}, fmt.Errorf("read message %q of the stream %s: %w", h.Get(feed.ID), feed.StreamName, p.Err())
	}
	return m, nil
}

// entry returns the entry of a message, without events.
func (m *message) entry(h nats.Header) (entry, error) {
	p := feed.ReadAttributes(h)
	e := entry{events.Entry{
		Organization: m.org, Version: m.version,
		Actor: events.UserID(p.Text(feed.Actor)), Cause: p.Text(feed.Cause), At: p.Instant(feed.Time),
	}, m.position}
	return e, p.Err()
}
