package relay

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
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
// order that is the same every time. They are built one by one, so that many take little memory.
type entryMessages struct {
	entry   *events.Entry
	changes domain.EffectiveChanges
	// resync says that there are too many changes.
	resync bool
	shared nats.Header
}

// newEntryMessages returns the messages of an entry, given the changes of access.
func newEntryMessages(c *events.Commit, entry *events.Entry, changes domain.EffectiveChanges, resync bool) *entryMessages {
	m := &entryMessages{entry: entry, changes: changes, resync: resync}
	m.shared = attributes(c, entry, m.count())
	return m
}

func (m *entryMessages) count() int {
	if m.resync {
		return len(m.entry.Events) + 1
	}
	return len(m.entry.Events) + m.changes.Len()
}

// at builds the message with an index.
func (m *entryMessages) at(i int) (*nats.Msg, error) {
	org, happened := m.entry.Organization, m.entry.Events
	origin := events.Origin{Version: m.entry.Version, Index: i}
	switch {
	case i < len(happened):
		subject := ""
		if about := happened[i].Subjects(); len(about) > 0 {
			subject = string(about[0].Kind) + "/" + about[0].ID
		}
		return m.build(i, origin.ID(org), happened[i].Type(), subject, feed.Payload(happened[i]))
	case m.resync:
		origin.Index = len(happened) - 1
		return m.build(i, origin.ID(org)+"/resync", feed.AccessResync, "", feed.ResyncMessage{Organization: org, Cause: origin.ID(org)})
	}
	c := m.changes.At(i - len(happened))
	body := feed.AccessMessage{
		Organization: org, User: c.User, Project: c.Project, From: feed.AccessLevelOf(c.From), To: feed.AccessLevelOf(c.To),
		Sources: feed.AccessSourcesOf(c.To, org), Cause: c.ID(org),
	}
	t := feed.AccessChanged
	switch {
	case body.From == nil:
		t = feed.AccessGranted
	case body.To == nil:
		t = feed.AccessRevoked
	}
	return m.build(i, accessID(c, org), t, string(events.UserSubject)+"/"+string(c.User), body)
}

// addedHeaders is how many headers a message has beside those that it shares with others.
const addedHeaders = 14

func (m *entryMessages) build(i int, id string, t events.Type, subject string, body any) (*nats.Msg, error) {
	data, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("write message %s: %w", id, err)
	}
	h := make(nats.Header, len(m.shared)+addedHeaders)
	maps.Copy(h, m.shared)
	h[feed.ID], h[feed.Type], h[feed.Index] = []string{encode(id)}, []string{string(t)}, []string{strconv.Itoa(i)}
	h[feed.DataSchema] = []string{feed.SchemaPrefix + string(t)}
	if subject != "" {
		h[feed.SubjectAttr] = []string{encode(subject)}
	}
	return &nats.Msg{Subject: feed.Subject(m.entry.Organization, t), Header: h, Data: data}, nil
}

// accessID hashes the person and the project, whose ids may be too long to be joined into one.
func accessID(c domain.EffectiveChange, org events.OrganizationID) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", c.User, c.Project))
	return c.ID(org) + "/access/" + hex.EncodeToString(sum[:12])
}
