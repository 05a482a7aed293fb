package replica

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

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
	p := headers{header: h}
	m := message{kind: events.Type(h.Get(feed.Type)), position: events.Position(p.number(feed.Position)), complete: events.Position(p.number(feed.Complete))}
	if !m.isHeartbeat() {
		m.org = events.OrganizationID(strings.TrimPrefix(h.Get(feed.Source), feed.SourcePrefix))
		m.version, m.previous = events.Version(p.number(feed.Version)), events.Version(p.number(feed.PreviousVersion))
		m.index, m.count = p.number(feed.Index), p.number(feed.Count)
	}
	if p.err != nil {
		return message{}, fmt.Errorf("read message %q of the stream %s: %w", h.Get(feed.ID), feed.StreamName, p.err)
	}
	return m, nil
}

// entry returns the entry of a message, without events.
func (m *message) entry(h nats.Header) (entry, error) {
	p := headers{header: h}
	e := entry{events.Entry{
		Organization: m.org, Version: m.version,
		Actor: events.UserID(p.text(feed.Actor)), Cause: p.text(feed.Cause), At: p.time(feed.Time),
	}, m.position}
	return e, p.err
}

// headers reads headers. Its err is the first thing that is wrong.
type headers struct {
	header nats.Header
	err    error
}

func (p *headers) number(name string) uint64 {
	n, err := strconv.ParseUint(p.header.Get(name), 10, 64)
	p.note(name, err)
	return n
}

func (p *headers) time(name string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, p.header.Get(name))
	p.note(name, err)
	return t
}

func (p *headers) text(name string) string {
	text, err := url.PathUnescape(p.header.Get(name))
	p.note(name, err)
	return text
}

func (p *headers) note(name string, err error) {
	if err != nil && p.err == nil {
		p.err = fmt.Errorf("the header %s: %w", name, err)
	}
}
