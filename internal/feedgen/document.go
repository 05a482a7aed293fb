package main

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/feed"
)

const preamble = `# Events

Every message that [the feed](feed.md) publishes. The program has the same as [JSON Schemas](../feed/schemas.json) and as an
[AsyncAPI document](../feed/asyncapi.json); a server has them at ` + "`/asyncapi.json` and `/schemas.json`" + `. A later version may add
fields to any object, values to any list of values, and types: ignore what you do not know.

The message of an event, whole:

`

// eventsDocument writes docs/events.md.
func eventsDocument(published []message, all schemas) ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(preamble)
	joined := published[slices.IndexFunc(published, func(m message) bool { return m.name == "membership.joined.v1" })]
	if err := writeExample(&out, joined, exampleHeaders(joined)); err != nil {
		return nil, err
	}
	out.WriteString("\nThose below leave out the headers that do not depend on the type.\n\n| type | |\n| --- | --- |\n")
	for _, m := range published {
		fmt.Fprintf(&out, "| [`%s`](#%s) | %s |\n", m.name, anchor(m.name), m.text)
	}
	out.WriteString("\n## Messages\n")
	for _, m := range published {
		fmt.Fprintf(&out, "\n### `%s`\n\n%s\n", m.name, m.text)
		all.writeFields(&out, all.definitions[m.name])
		out.WriteString("\n")
		own := slices.DeleteFunc(exampleHeaders(m), func(h header) bool {
			return h.name != feed.ID && h.name != feed.Type && h.name != feed.SubjectAttr
		})
		if err := writeExample(&out, m, own); err != nil {
			return nil, err
		}
	}
	out.WriteString("\n## Types\n\nThose that have a name in the tables above.\n")
	for _, name := range slices.Sorted(maps.Keys(all.types)) {
		all.writeType(&out, name)
	}
	return out.Bytes(), nil
}

func writeExample(out *bytes.Buffer, m message, with []header) error {
	subject := feed.HeartbeatSubject
	if m.name != string(feed.HeartbeatType) {
		subject = feed.SubjectPrefix + string(organization) + "." + m.name
	}
	fmt.Fprintf(out, "```\n%s\n", subject)
	for _, h := range with {
		fmt.Fprintf(out, "%s: %s\n", h.name, h.example)
	}
	body, err := json.Marshal(m.example, json.Deterministic(true))
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "\n%s\n```\n", body)
	return nil
}

// writeFields writes the table of an object's fields, if it has any.
func (s *schemas) writeFields(out *bytes.Buffer, schema object) {
	properties, _ := schema.get("properties").(object)
	required, _ := schema.get("required").([]string)
	if len(properties) == 0 {
		return
	}
	out.WriteString("\n| field | type | |\n| --- | --- | --- |\n")
	for _, p := range properties {
		property, _ := p.value.(object)
		text, _ := property.get("description").(string)
		if !slices.Contains(required, p.name) {
			text = strings.TrimSpace("Optional. " + text)
		}
		fmt.Fprintf(out, "| `%s` | %s | %s |\n", p.name, typeName(property), text)
	}
}

// writeType writes what a type in messages is.
func (s *schemas) writeType(out *bytes.Buffer, name string) {
	schema := s.definitions[name]
	fmt.Fprintf(out, "\n### %s\n\n%v\n", name, schema.get("description"))
	if s.types[name].Kind() == reflect.Map {
		fmt.Fprintf(out, "\nAn %s.\n", typeName(schema))
	}
	s.writeFields(out, schema)
	for i, v := range s.comments.constants[s.types[name].String()] {
		if i == 0 {
			out.WriteString("\n")
		}
		fmt.Fprintf(out, "- %s\n", cmp.Or(replaceWord(v.comment, v.name, v.value), "`"+v.value+"`"))
	}
}

// typeName says in a table what values of a schema are.
func typeName(schema object) string {
	if name, is := schema.get("$ref").(string); is {
		name = strings.TrimPrefix(name, feed.SchemaPrefix)
		return "[" + name + "](#" + anchor(name) + ")"
	}
	if items, is := schema.get("items").(object); is {
		return "array of " + typeName(items)
	}
	if values, is := schema.get("additionalProperties").(object); is {
		return "object, each value: " + typeName(values)
	}
	if format, is := schema.get("format").(string); is {
		return format
	}
	return fmt.Sprint(schema.get("type"))
}

// anchor is the fragment that leads to a heading.
func anchor(heading string) string {
	return strings.ToLower(strings.ReplaceAll(heading, ".", ""))
}
