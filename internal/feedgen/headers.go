package main

import "github.com/seed-2026d078/roster/feed"

// header is one of a message.
type header struct {
	name, text, example string
	// pattern is what values match; empty for any text.
	pattern string
	// sometimes says that a message may not have it.
	sometimes bool
	// heartbeats says that heartbeats have it, too.
	heartbeats bool
}

const (
	wholeNumber = "^[0-9]+$"
	instant     = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?Z$"
	// exampleTrace is the example of W3C Trace Context.
	exampleTrace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
)

// headers are those of published messages. Their values are texts, as NATS has them.
var headers = []header{
	{name: feed.SpecVersion, text: "The version of CloudEvents.", example: "1.0", pattern: "^1[.]0$", heartbeats: true},
	{name: feed.ID, text: "Names the message within the whole stream: the same one whenever the stream is made again. That of an event is organization/version/index.", example: "acme/7/0", heartbeats: true},
	{name: feed.Type, text: "What happened, with the version of the type.", example: "membership.joined.v1", heartbeats: true},
	{name: feed.Source, text: "Where it happened: an organization, or, of a heartbeat, Roster itself.", example: "/v1/organizations/acme", pattern: "^/v1(/organizations/[A-Za-z0-9_-]{1,64})?$", heartbeats: true},
	{name: feed.SubjectAttr, text: "Whom or what it is about, first of all: a kind and an id. Left out: the organization.", example: "user/ada", sometimes: true},
	{name: feed.Time, text: "When it happened.", example: "2026-03-02T09:30:00.123456Z", pattern: instant, heartbeats: true},
	{name: feed.DataSchema, text: "The URI of the body's JSON Schema.", example: "roster:membership.joined.v1", pattern: "^roster:", heartbeats: true},
	{name: feed.ContentType, text: "What the body is.", example: "application/json", pattern: "^application/json$", heartbeats: true},
	{name: feed.Position, text: "The commit's place in the ledger, as in the API.", example: "42", pattern: wholeNumber, heartbeats: true},
	{name: feed.Version, text: "The version of the organization after the command.", example: "7", pattern: wholeNumber},
	{name: feed.PreviousVersion, text: "The version of the organization before the command. A reader that has less has missed something.", example: "6", pattern: wholeNumber},
	{name: feed.Index, text: "The number of the message among those of the command, from 0 on.", example: "0", pattern: wholeNumber},
	{name: feed.Count, text: "How many messages the command has. A reader that applies all of them at once sees no state in between.", example: "1", pattern: wholeNumber},
	{name: feed.Recorded, text: "When it was recorded.", example: "2026-03-02T09:30:00.123456Z", pattern: instant},
	{name: feed.Actor, text: "The user who gave the command. Left out: the system.", example: "ada", sometimes: true},
	{name: feed.OnBehalfOf, text: "For whom the actor gave it, such as the customer whom a support agent helps. It gave the actor no rights. Left out: nobody else.", example: "eve", sometimes: true},
	{name: feed.Cause, text: "Why the command was given, in the words of its sender.", example: "a%20request", sometimes: true},
	{name: feed.Traceparent, text: "The trace in which the command was given, as in W3C Trace Context. Left out: none.", example: exampleTrace, pattern: "^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", sometimes: true},
	{name: feed.Complete, text: "The position up to which every commit is in the stream, before this message.", example: "41", pattern: wholeNumber, heartbeats: true},
	{name: feed.Epoch, text: "Another one after Roster, or one of its nodes, began anew.", example: "RZ5YWDOOZ5HPGCMPVPD3PTVPJU", heartbeats: true},
}

// headersSchema is the schema of the headers of events and access, or of heartbeats.
func headersSchema(heartbeat bool) object {
	properties, required := object{}, []string{}
	for _, h := range headers {
		if heartbeat && !h.heartbeats {
			continue
		}
		schema := object{{"description", h.text}, {"type", "string"}}
		if h.pattern != "" {
			schema = append(schema, member{"pattern", h.pattern})
		}
		properties = append(properties, member{h.name, append(schema, member{"examples", []string{h.example}})})
		if !h.sometimes {
			required = append(required, h.name)
		}
	}
	return object{{"type", "object"}, {"properties", properties}, {"required", required}}
}

// exampleHeaders are the headers of a message's example.
func exampleHeaders(m message) []header {
	var all []header
	for _, h := range headers {
		heartbeat := m.name == string(feed.HeartbeatType)
		if heartbeat && !h.heartbeats || h.name == feed.SubjectAttr && m.subject == "" {
			continue
		}
		switch h.name {
		case feed.ID:
			h.example = m.id
		case feed.Type:
			h.example = m.name
		case feed.DataSchema:
			h.example = feed.SchemaPrefix + m.name
		case feed.SubjectAttr:
			h.example = m.subject
		case feed.Source:
			if heartbeat {
				h.example = "/v1"
			}
		}
		all = append(all, h)
	}
	return all
}
