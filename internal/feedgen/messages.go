package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// message is one kind of message.
type message struct {
	// name is the type of a published message, and the name of the Go type of others.
	name        string
	title, text string
	body        reflect.Type
	// has reports whether the body has a field; nil if it has all.
	has func(reflect.StructField) bool
	// whole says that no field is ever left out.
	whole   bool
	example any
	// id and subject are attributes of the example.
	id, subject string
}

// organization and day are those of all examples.
const organization events.OrganizationID = "acme"

var day = time.Date(2026, 3, 2, 9, 30, 0, 123456000, time.UTC)

// publishedMessages are those that Roster publishes: access, events by their names, and the heartbeat.
func publishedMessages(root string, c *comments) ([]message, error) {
	all := accessMessages()
	for _, t := range events.Types() {
		e, err := goldenEvent(root, t)
		if err != nil {
			return nil, err
		}
		original, visible := reflect.TypeOf(e), feed.PayloadType(t)
		m := message{
			name: string(t), title: original.Name(), text: c.ofEvent(original), body: original, example: feed.Payload(e), id: "acme/7/0",
			has: func(field reflect.StructField) bool {
				_, is := visible.FieldByName(field.Name)
				return is
			},
		}
		if about := e.Subjects(); len(about) > 0 {
			m.subject = string(about[0].Kind) + "/" + about[0].ID
		}
		all = append(all, m)
	}
	return append(all, message{
		name: string(feed.HeartbeatType), title: "Heartbeat", body: reflect.TypeFor[feed.Heartbeat](),
		text:    "Says every second how far the stream goes, also when nothing happens.",
		example: feed.Heartbeat{Position: 42, At: day, Dropped: 17, Checked: 90}, id: "heartbeat/LMGVZDDFYB5SVYLRJUHGFU6TGA",
	}), nil
}

// goldenEvent returns the event of a golden file, which has every field.
func goldenEvent(root string, t events.Type) (events.Event, error) {
	file := filepath.Join(root, "events", "testdata", string(t)+".json")
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	first, err := jsontext.NewDecoder(bytes.NewReader(text)).ReadValue()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	commit, err := events.Decode(first, 42)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return commit.Entries[0].Events[0], nil
}

// accessMessages say how somebody's effective access to a project changed.
func accessMessages() []message {
	read := &feed.AccessLevel{Role: "read", Levels: events.Levels{"code": "view", "settings": "none"}}
	write := &feed.AccessLevel{Role: "write", Levels: events.Levels{"code": "full", "settings": "none"}}
	team := feed.AccessSource{Kind: domain.ThroughTeam, Role: "read", Team: "core", Via: "docs", From: day.AddDate(0, 1, 0), Until: day.AddDate(0, 3, 0), Event: "acme/4/0"}
	direct := feed.AccessSource{Kind: domain.Direct, Role: "write", Event: "acme/7/0"}
	access := func(t events.Type, title, text, left string, from, to *feed.AccessLevel, sources ...feed.AccessSource) message {
		return message{
			name: string(t), title: title, text: text, body: reflect.TypeFor[feed.AccessMessage](),
			has: func(field reflect.StructField) bool { return field.Name != left }, whole: true,
			example: feed.AccessMessage{
				Organization: organization, User: "bob", Project: "apollo", From: from, To: to, Sources: append([]feed.AccessSource{}, sources...), Cause: "acme/7/0",
			},
			id: "acme/7/0/access/236ac226d576867c8db20135", subject: "user/bob",
		}
	}
	return []message{
		access(feed.AccessGranted, "AccessGranted", "Says that somebody has access to a project, who had none before.", "From", nil, read, team),
		access(feed.AccessChanged, "AccessChanged", "Says that somebody has another role or other levels on a project.", "", read, write, direct, team),
		access(feed.AccessRevoked, "AccessRevoked", "Says that somebody has no access to a project any more.", "To", write, nil),
		{
			name: string(feed.AccessResync), title: "AccessResync", body: reflect.TypeFor[feed.ResyncMessage](),
			text:    "Says that one command changed the access of more than 100,000 people and projects: read the access of the organization anew.",
			example: feed.ResyncMessage{Organization: organization, Cause: "acme/7/0"}, id: "acme/7/0/resync",
		},
	}
}

// exchange is something that a subscriber says to Roster, with the answer to it.
type exchange struct {
	// what is the last part of the subject.
	what string
	// text says what the subscriber does.
	text string
	// request and answer are examples. There is no answer if that is nil.
	request, answer any
}

var exchanges = []exchange{
	{
		feed.Open, "Asks for a consumer of the stream. Roster makes one that has what the subscriber may read.",
		feed.OpenRequest{
			Durable: true, Organizations: []events.OrganizationID{organization}, Types: []events.Type{feed.AccessRevoked}, Start: feed.Start{After: new(events.Position(41))},
		},
		feed.OpenResponse{Consumer: "billing", Group: "readers", Complete: 42},
	},
	{
		feed.Close, "Says that a reader has ended, so that the next one gets the messages at once.",
		feed.CloseRequest{Consumer: "billing", Group: "readers"},
		feed.CloseResponse{},
	},
	{
		feed.Organizations, "Asks which organizations there are that the subscriber may read, page by page.",
		feed.OrganizationsRequest{},
		feed.OrganizationsResponse{Organizations: []events.OrganizationID{organization}, Position: 42},
	},
	{
		feed.History, "Asks for what happened in an organization from its beginning, page by page.",
		feed.HistoryRequest{Organization: organization, After: 6},
		feed.HistoryResponse{Position: 42, Entries: []feed.HistoryEntry{{
			Position: 42, Version: 7, At: day, Recorded: day, Actor: "ada", OnBehalfOf: "eve", Cause: "a request", Traceparent: exampleTrace,
			Events: []feed.HistoryEvent{{Type: events.MemberRemoved{}.Type(), Data: jsontext.Value(`{"member":"bob"}`)}},
		}}},
	},
	{
		feed.Retry, "Asks for the next dead letter that somebody wants tried again.",
		feed.RetryRequest{Done: 3},
		feed.RetryResponse{
			Sequence: 4, Header: map[string][]string{feed.Type: {"membership.removed.v1"}, feed.DeadLetterTries: {"5"}}, Data: jsontext.Value(`{"member":"bob"}`),
		},
	},
	{feed.DeadLetter, "Keeps a message that the subscriber cannot handle.", nil, feed.DeadLetterResponse{}},
	{
		feed.Progress, "Tells at each heartbeat how far a replica has come.",
		feed.ProgressReport{Replica: "host-1", Instance: "k3v9q2x7", Number: 7, Position: 42, Closed: true, Bound: 5},
		feed.ProgressResponse{},
	},
}

// requests are the messages of exchanges.
func requests(c *comments) []message {
	var all []message
	for _, e := range exchanges {
		for _, example := range []any{e.request, e.answer} {
			if example != nil {
				t := reflect.TypeOf(example)
				all = append(all, message{name: t.Name(), title: t.Name(), text: c.ofType(t), body: t, example: example})
			}
		}
	}
	return all
}
