package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// strictCompiler returns a compiler of the generated schemas, which here allow nothing but what they describe.
func strictCompiler(t *testing.T) *jsonschema.Compiler {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, schemasFile))
	require.NoError(t, err)
	bundle, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	forbidMore(bundle)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("roster:feed", bundle))
	return compiler
}

// forbidMore makes every object of a schema one that has only the properties that the schema names.
func forbidMore(schema any) {
	parts, ok := schema.(map[string]any)
	if !ok {
		return
	}
	if _, is := parts["properties"]; is {
		parts["additionalProperties"] = false
	}
	for _, part := range parts {
		forbidMore(part)
	}
}

// validate validates a body against the schema that its message names.
func validate(t *testing.T, compiler *jsonschema.Compiler, uri string, body []byte) {
	t.Helper()
	name, found := strings.CutPrefix(uri, feed.SchemaPrefix)
	require.True(t, found, uri)
	schema, err := compiler.Compile("roster:feed#/$defs/" + name)
	require.NoError(t, err, uri)
	assert.Equal(t, uri, schema.ID)
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	require.NoError(t, err, "%s", body)
	assert.NoError(t, schema.Validate(value), "%s: %s", uri, body)
}

func encoded(t *testing.T, value any) []byte {
	t.Helper()
	text, err := json.Marshal(value, json.Deterministic(true))
	require.NoError(t, err)
	return text
}

func TestExamplesMatchTheSchemas(t *testing.T) {
	t.Parallel()
	c, err := readComments(root)
	require.NoError(t, err)
	published, err := publishedMessages(root, c)
	require.NoError(t, err)
	compiler := strictCompiler(t)
	for _, m := range append(published, requests(c)...) {
		validate(t, compiler, feed.SchemaPrefix+m.name, encoded(t, m.example))
	}
}

// TestOldEventsMatchTheSchemas validates events that were recorded when their types had fewer fields.
func TestOldEventsMatchTheSchemas(t *testing.T) {
	t.Parallel()
	compiler := strictCompiler(t)
	files, err := filepath.Glob(filepath.Join(root, "events", "testdata", "before", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		commit, err := events.Decode(text, 42)
		require.NoError(t, err, file)
		for _, e := range commit.Entries[0].Events {
			validate(t, compiler, feed.SchemaPrefix+string(e.Type()), encoded(t, feed.Payload(e)))
		}
	}
}

// TestPublishedMessagesMatchTheSchemas reads what the relay publishes from its golden file, which has a head, headers and a body of each
// message.
func TestPublishedMessagesMatchTheSchemas(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "internal", "relay", "testdata", "messages.txt"))
	require.NoError(t, err)
	compiler := strictCompiler(t)
	ofHeaders, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded(t, headersSchema(false))))
	require.NoError(t, err)
	forbidMore(ofHeaders)
	require.NoError(t, compiler.AddResource("roster:headers", ofHeaders))
	headersOfEvents, err := compiler.Compile("roster:headers")
	require.NoError(t, err)
	parts := strings.Split(strings.TrimSpace(string(text)), "\n\n")
	for i := 0; i < len(parts); i += 2 {
		lines, body := strings.Split(strings.TrimSpace(parts[i]), "\n"), parts[i+1]
		// They are added when the message is published.
		found := map[string]string{feed.Complete: "9", feed.Epoch: "A"}
		for _, line := range lines[1:] {
			name, value, _ := strings.Cut(line, ": ")
			found[name] = value
		}
		assert.Equal(t, "roster.events.acme."+found[feed.Type], lines[0])
		sent, err := jsonschema.UnmarshalJSON(bytes.NewReader(encoded(t, found)))
		require.NoError(t, err)
		assert.NoError(t, headersOfEvents.Validate(sent))
		if !strings.HasPrefix(body, "(") { // a note stands for a scheme, which is long
			validate(t, compiler, found[feed.DataSchema], []byte(body))
		}
	}
}

func TestEveryHeaderIsDescribed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join(root, "feed", "envelope.go"))
	require.NoError(t, err)
	var described, declared []string
	for _, h := range headers {
		described = append(described, h.name)
	}
	for _, found := range regexp.MustCompile(`"(ce-[a-z]+|content-type)"`).FindAllSubmatch(source, -1) {
		declared = append(declared, string(found[1]))
	}
	assert.ElementsMatch(t, declared, described)
}

// TestEveryRequestIsDescribed finds the requests of the protocol by their names.
func TestEveryRequestIsDescribed(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile(filepath.Join(root, "feed", "protocol.go"))
	require.NoError(t, err)
	asyncAPI, err := os.ReadFile(filepath.Join(root, asyncAPIFile))
	require.NoError(t, err)
	found := regexp.MustCompile(`(?m)^\t[A-Z][A-Za-z]+ += "([a-z_]+)"$`).FindAllSubmatch(source, -1)
	require.NotEmpty(t, found)
	for _, subject := range found {
		address := `"address": "roster.subscribers.{subscriber}.` + string(subject[1])
		assert.True(t, bytes.Contains(asyncAPI, []byte(address)), "%s", subject[1])
	}
}

// TestEveryFieldIsUnderstood holds that a description has no name that only the source of Go has.
func TestEveryFieldIsUnderstood(t *testing.T) {
	t.Parallel()
	for _, file := range []string{schemasFile, eventsFile} {
		text, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		for _, goOnly := range []string{"zero value", "zero time", " nil ", "[RoleChanged]"} {
			assert.NotContains(t, string(text), goOnly, file)
		}
	}
}

func TestLayout(t *testing.T) {
	t.Parallel()
	short := object{{"b", 1}, {"a", []string{"x", "y"}}, {"none", object{}}}
	got, err := layout(short)
	require.NoError(t, err)
	assert.Equal(t, `{"b": 1, "a": ["x", "y"], "none": {}}`+"\n", string(got))
	long := object{{"text", strings.Repeat("x", lineLength)}, {"short", short}}
	got, err = layout(long)
	require.NoError(t, err)
	assert.Equal(t, "{\n  \"text\": \""+strings.Repeat("x", lineLength)+"\",\n  \"short\": "+`{"b": 1, "a": ["x", "y"], "none": {}}`+"\n}\n", string(got))
	assert.True(t, jsontext.Value(got).IsValid())
}

// TestAsyncAPIExamples validates the examples of the AsyncAPI document against the schemas in it, whose dialect is draft 7.
func TestAsyncAPIExamples(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, asyncAPIFile))
	require.NoError(t, err)
	var document struct {
		Components struct {
			Messages map[string]struct {
				Examples []struct {
					Payload jsontext.Value `json:"payload"`
				} `json:"examples"`
			} `json:"messages"`
		} `json:"components"`
	}
	require.NoError(t, json.Unmarshal(text, &document))
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.DefaultDraft(jsonschema.Draft7)
	require.NoError(t, compiler.AddResource("roster:asyncapi", whole))
	for name, m := range document.Components.Messages {
		for _, example := range m.Examples {
			schema, err := compiler.Compile("roster:asyncapi#/components/schemas/" + name)
			require.NoError(t, err)
			value, err := jsonschema.UnmarshalJSON(bytes.NewReader(example.Payload))
			require.NoError(t, err)
			assert.NoError(t, schema.Validate(value), name)
		}
	}
}
