package relay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// maxPairs is the largest number of people and projects whose access one command changes so that
// there is a message for each.
const maxPairs = 100_000

// entryMessages are the messages of an entry: its events, and then whose access they changed, in an
// order that is the same every time. They are written one by one, so that many take little memory.
type entryMessages struct {
	commit *events.Commit
	entry  *events.Entry
	// created is the version to which the organization's creation led.
	created events.Version
	changes domain.EffectiveChanges
	// resync says that there are too many changes.
	resync bool
}

func (m *entryMessages) count() int {
	if m.resync {
		return len(m.entry.Events) + 1
	}
	return len(m.entry.Events) + m.changes.Len()
}

// newMessage returns one in whose memory one message after another is written: the client library copies what it publishes.
func newMessage() *nats.Msg {
	return &nats.Msg{Header: nats.Header{feed.SpecVersion: {"1.0"}, feed.ContentType: {"application/json"}}}
}

// share writes the attributes that all messages of the entry share.
func (m *entryMessages) share(out *nats.Msg) {
	h := out.Header
	set(h, feed.Source, feed.SourcePrefix+string(m.entry.Organization))
	set(h, feed.Time, formatTime(m.entry.At))
	set(h, feed.Position, number(uint64(m.commit.Position)))
	set(h, feed.Version, number(uint64(m.entry.Version)))
	set(h, feed.PreviousVersion, number(uint64(m.entry.Version-1)))
	set(h, feed.Count, strconv.Itoa(m.count()))
	set(h, feed.Recorded, formatTime(m.commit.At))
	set(h, feed.Actor, encode(string(m.entry.Actor)))
	set(h, feed.OnBehalfOf, encode(string(m.entry.OnBehalfOf)))
	set(h, feed.Cause, encode(m.entry.Cause))
	set(h, feed.Traceparent, string(m.entry.Traceparent))
}

// write writes the message with an index, but for what the messages share.
func (m *entryMessages) write(out *nats.Msg, i int) error {
	org, happened := m.entry.Organization, m.entry.Events
	origin := events.Origin{Version: m.entry.Version, Index: i}
	switch {
	case i < len(happened):
		subject := ""
		if about := happened[i].Subjects(); len(about) > 0 {
			subject = string(about[0].Kind) + "/" + about[0].ID
		}
		return m.marshal(out, i, origin.ID(org), happened[i].Type(), subject, feed.Payload(happened[i]))
	case m.resync:
		origin.Index = len(happened) - 1
		return m.marshal(out, i, origin.ID(org)+"/resync", feed.AccessResync, "", feed.ResyncMessage{Organization: org, Cause: origin.ID(org)})
	}
	c := m.changes.At(i - len(happened))
	cause := c.ID(org)
	body := feed.AccessMessage{
		Organization: org, User: c.User, Project: c.Project, From: feed.AccessLevelOf(c.From), To: feed.AccessLevelOf(c.To),
		Sources: feed.AccessSourcesOf(c.To, org), Cause: cause,
	}
	t := feed.AccessChanged
	switch {
	case body.From == nil:
		t = feed.AccessGranted
	case body.To == nil:
		t = feed.AccessRevoked
	}
	out.Data = appendAccess(out.Data[:0], &body)
	m.describe(out, i, cause+"/access/"+hashOf(c.User, c.Project), t, string(events.UserSubject)+"/"+string(c.User))
	return nil
}

// marshal writes a message with a body.
func (m *entryMessages) marshal(out *nats.Msg, i int, id string, t events.Type, subject string, body any) error {
	data, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("write message %s: %w", id, err)
	}
	out.Data = append(out.Data[:0], data...)
	m.describe(out, i, id, t, subject)
	return nil
}

// describe writes the subject of a message, and the attributes that it shares with no other.
func (m *entryMessages) describe(out *nats.Msg, i int, id string, t events.Type, subject string) {
	out.Subject = feed.Subject(m.entry.Organization, m.created, t)
	set(out.Header, feed.ID, encode(id))
	set(out.Header, feed.Type, string(t))
	set(out.Header, feed.Index, strconv.Itoa(i))
	set(out.Header, feed.DataSchema, feed.SchemaPrefix+string(t))
	set(out.Header, feed.SubjectAttr, encode(subject))
}

// hashOf hashes a person and a project, whose ids may be too long to be joined into one.
func hashOf(user events.UserID, project events.ProjectID) string {
	var memory [128]byte
	text := strconv.AppendQuote(memory[:0], string(user))
	text = strconv.AppendQuote(append(text, ' '), string(project))
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:12])
}
