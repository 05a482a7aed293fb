package main

import (
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/feed"
)

// about says how to read the feed, for those who know AsyncAPI and not Roster.
const about = "What happens in the organizations of a Roster, for other services: one message for each event, and one for each person and project " +
	"whose effective access a command changed. Roster publishes them in the JetStream stream `" + feed.StreamName + "`, as CloudEvents 1.0 in binary mode. " +
	"Characters of a header other than printable ASCII, and spaces, quotes and percent signs, are percent-encoded.\n\n" +
	"A subscriber asks Roster for a consumer, on the channel `open`, fetches messages from it, and acknowledges them if it is durable. " +
	"Messages come at least once: skip those of a `ce-version` of the organization that is applied already. " +
	"A later version may add fields to objects, and values to lists of values: ignore what you do not know."

// asyncAPIDocument describes the feed. The application that it describes is Roster.
func asyncAPIDocument(published, requests []message, all schemas) object {
	var messages, schemas object
	for _, m := range published {
		trait := "event"
		if m.name == string(feed.HeartbeatType) {
			trait = "heartbeat"
		}
		messages = append(messages, member{m.name, append(messageObject(m), member{"traits", refs("messageTraits", trait)})})
	}
	for _, m := range requests {
		messages = append(messages, member{m.name, messageObject(m)})
	}
	messages = append(messages, member{deadLetter, object{
		{"name", deadLetter},
		{"title", "Dead letter"},
		{"summary", "A message that the subscriber cannot handle, with its own headers and body, and some headers more."},
		{"headers", object{
			{"type", "object"},
			{"properties", object{
				{feed.DeadLetterError, object{{"description", "Why it cannot be handled, percent-encoded."}, {"type", "string"}}},
				{feed.DeadLetterTries, object{{"description", "How often it was tried."}, {"type", "string"}, {"pattern", wholeNumber}}},
				{feed.DeadLetterSequence, object{{"description", "If it was a dead letter that was tried again: the sequence that came with it. It takes the place of that one."}, {"type", "string"}, {"pattern", wholeNumber}}},
			}},
		}},
		{"payload", object{{"type", "object"}}},
	}})
	for _, name := range slices.Sorted(maps.Keys(all.definitions)) {
		schemas = append(schemas, member{name, forAsyncAPI(all.definitions[name])})
	}
	return object{
		{"asyncapi", "3.0.0"},
		{"info", object{
			{"title", "Roster: the feed"},
			{"version", "1"},
			{"description", about},
			{"license", object{{"name", "Apache-2.0"}, {"url", "https://www.apache.org/licenses/LICENSE-2.0"}}},
			{"contact", object{{"name", "Roster"}, {"url", "https://github.com/seed-2026d078/roster"}}},
		}},
		{"defaultContentType", "application/json"},
		{"servers", object{{"nats", object{
			{"host", "{host}"},
			{"protocol", "nats"},
			{"description", "The NATS server of `roster serve`, or one's own."},
			{"variables", object{{"host", object{{"default", "localhost:4222"}, {"description", "Where it listens."}}}}},
			{"security", refs("securitySchemes", "credentials")},
		}}}},
		{"channels", channels(published)},
		{"operations", operations()},
		{"components", object{
			{"messages", messages},
			{"messageTraits", object{{"event", trait(false)}, {"heartbeat", trait(true)}}},
			{"schemas", schemas},
			{"securitySchemes", object{{"credentials", object{
				{"type", "asymmetricEncryption"},
				{"description", "A `.creds` file, as every NATS client takes it; `roster subscriber create` makes it."},
			}}}},
		}},
	}
}

func messageObject(m message) object {
	return object{
		{"name", m.name},
		{"title", m.title},
		{"summary", m.text},
		{"payload", ref("schemas", m.name)},
		{"examples", []object{{{"payload", m.example}}}},
	}
}

// trait is what CloudEvents have in common.
func trait(heartbeat bool) object {
	return object{{"contentType", "application/json"}, {"headers", headersSchema(heartbeat)}}
}

func channels(published []message) object {
	var names []string
	for _, m := range published {
		if m.name != string(feed.HeartbeatType) {
			names = append(names, m.name)
		}
	}
	subscriber := object{{"subscriber", object{{"description", "The name of the subscriber."}}}}
	all := object{
		{"events", channel(feed.SubjectPrefix+"{organization}.{type}", "What happened, and whose access it changed. Messages of one organization are in order. Where it took the place of a deleted one with the same id, `~` and the version of its creation follow the id.",
			object{
				{"organization", object{{"description", "The id of the organization."}}},
				{"type", object{{"description", "The type of the message, which has dots."}}},
			}, names...)},
		{"heartbeat", channel(feed.HeartbeatSubject, "How far the stream goes, every second. The stream keeps the last two.", nil, string(feed.HeartbeatType))},
	}
	for _, e := range exchanges {
		name := deadLetter
		if e.request != nil {
			name = reflect.TypeOf(e.request).Name()
		}
		all = append(all, member{e.what, channel(feed.SubscriberSubject("{subscriber}", e.what), e.text, subscriber, name)},
			member{e.what + replies, channel("", "The reply subject of the request.", nil, reflect.TypeOf(e.answer).Name())})
	}
	return all
}

const (
	// replies is behind the name of a channel in that for its answers.
	replies = "_replies"
	// deadLetter is the name of the message of that kind, which can have any body.
	deadLetter = "DeadLetter"
)

// channel is one that has some messages. Without an address it is known by the message that names it.
func channel(address, text string, parameters object, messages ...string) object {
	var listed object
	for _, name := range messages {
		listed = append(listed, member{name, ref("messages", name)})
	}
	c := object{{"address", address}, {"description", text}}
	if address == "" {
		c[0].value = nil
	}
	if parameters != nil {
		c = append(c, member{"parameters", parameters})
	}
	return append(c, member{"messages", listed})
}

func operations() object {
	all := object{
		{"publish", operation("send", "events", "Roster publishes what happened, once it is in the ledger.")},
		{"beat", operation("send", "heartbeat", "Roster says every second that it is there.")},
	}
	for _, e := range exchanges {
		all = append(all, member{e.what, append(operation("receive", e.what, e.text), member{"reply", object{{"channel", object{{"$ref", "#/channels/" + e.what + replies}}}}})})
	}
	return all
}

func operation(action, channel, text string) object {
	return object{
		{"action", action},
		{"channel", object{{"$ref", "#/channels/" + channel}}},
		{"summary", text},
		{"bindings", object{{"nats", object{{"bindingVersion", "0.1.0"}}}}},
	}
}

func ref(kind, name string) object { return object{{"$ref", "#/components/" + kind + "/" + name}} }

func refs(kind, name string) []object { return []object{ref(kind, name)} }

// forAsyncAPI returns a schema with references to the components of the document. What stands beside a reference is ignored there, so
// it encloses the reference.
func forAsyncAPI(schema object) object {
	var same object
	for _, m := range schema {
		switch value := m.value.(type) {
		case object:
			m.value = forAsyncAPI(value)
		case string:
			if name, is := strings.CutPrefix(value, feed.SchemaPrefix); is && m.name == "$ref" {
				m = ref("schemas", name)[0]
				if len(schema) > 1 {
					m = member{"allOf", refs("schemas", name)}
				}
			}
		}
		same = append(same, m)
	}
	return same
}
