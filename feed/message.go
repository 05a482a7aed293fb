package feed

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// The types of messages that say how somebody's effective access to a project changed.
const (
	AccessGranted events.Type = "access.granted.v1"
	AccessChanged events.Type = "access.changed.v1"
	AccessRevoked events.Type = "access.revoked.v1"
	// AccessResync says that a command changed the access of so many that it is not told pair by
	// pair.
	AccessResync events.Type = "access.resync.v1"
)

// maxPairs is the largest number of people and projects whose access one command changes so that
// there is a message for each.
const maxPairs = 100_000

// AccessMessage is the body of the messages of access.
type AccessMessage struct {
	Organization events.OrganizationID `json:"organization"`
	User         events.UserID         `json:"user"`
	Project      events.ProjectID      `json:"project"`
	// From is the access before, To the one after; nil for none.
	From *AccessLevel `json:"from,omitzero"`
	To   *AccessLevel `json:"to,omitzero"`
	// Sources are those of the access after.
	Sources []AccessSource `json:"sources"`
	// Cause is the id of the event that changed it.
	Cause string `json:"cause"`
}

// AccessLevel is somebody's effective access: the role, and the level of every permission.
type AccessLevel struct {
	Role   events.RoleKey `json:"role"`
	Levels events.Levels  `json:"levels"`
}

// AccessSource is one reason for somebody's access.
type AccessSource struct {
	Kind domain.SourceKind `json:"kind"`
	Role events.RoleKey    `json:"role"`
	// Team is the team assigned, Via the one that the person is in: Team, or one below it.
	Team events.TeamID `json:"team,omitzero"`
	Via  events.TeamID `json:"via,omitzero"`
	// Until is when the source ends; the zero value means never.
	Until time.Time `json:"until,omitzero"`
	// Event is the id of the event behind it.
	Event string `json:"event"`
}

// ResyncMessage is the body of [AccessResync].
type ResyncMessage struct {
	Organization events.OrganizationID `json:"organization"`
	// Cause is the id of the command's last event.
	Cause string `json:"cause"`
}

// redacted makes the payloads of events. Personal data stays sealed, and secrets are left out.
var redacted = events.Without(reflect.TypeFor[events.ClearText](), reflect.TypeFor[events.Hash](), reflect.TypeFor[events.Nonce]())

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
		return m.build(i, origin.ID(org), happened[i].Type(), subject, redacted.Payload(happened[i]))
	case m.resync:
		origin.Index = len(happened) - 1
		return m.build(i, origin.ID(org)+"/resync", AccessResync, "", ResyncMessage{org, origin.ID(org)})
	}
	c := m.changes.At(i - len(happened))
	body := AccessMessage{
		Organization: org, User: c.User, Project: c.Project, From: levelOf(c.From), To: levelOf(c.To),
		Sources: make([]AccessSource, len(c.To.Sources)), Cause: c.ID(org),
	}
	for n, s := range c.To.Sources {
		body.Sources[n] = AccessSource{s.Kind, s.Role, s.Team, s.Via, s.Until, s.ID(org)}
	}
	t := AccessChanged
	switch {
	case body.From == nil:
		t = AccessGranted
	case body.To == nil:
		t = AccessRevoked
	}
	return m.build(i, accessID(c, org), t, string(events.UserSubject)+"/"+string(c.User), body)
}

func (m *entryMessages) build(i int, id string, t events.Type, subject string, body any) (*nats.Msg, error) {
	data, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("write message %s: %w", id, err)
	}
	h := maps.Clone(m.shared)
	h[ID], h[Type], h[Index] = []string{encode(id)}, []string{string(t)}, []string{strconv.Itoa(i)}
	if subject != "" {
		h[SubjectAttr] = []string{encode(subject)}
	}
	return &nats.Msg{Subject: Subject(m.entry.Organization, t), Header: h, Data: data}, nil
}

func levelOf(a domain.Access) *AccessLevel {
	if a.Role == "" {
		return nil
	}
	return &AccessLevel{a.Role, a.Levels()}
}

// accessID hashes the person and the project, whose ids may be too long to be joined into one.
func accessID(c domain.EffectiveChange, org events.OrganizationID) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "%q %q", c.User, c.Project))
	return c.ID(org) + "/access/" + hex.EncodeToString(sum[:12])
}
