package api

import (
	"bytes"
	"encoding"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestPayloadsMatchTheDocument renders an event of every type with every field set, and
// with none, and holds them against the schema of their type.
func TestPayloadsMatchTheDocument(t *testing.T) {
	t.Parallel()
	schemas := compiledSchemas(t)
	union := schemas("Event")
	for _, eventType := range events.Types() {
		t.Run(string(eventType), func(t *testing.T) {
			t.Parallel()
			sample, zero := sampleOf(t, eventType), zeroOf(t, eventType)
			one := schemas(reflect.TypeOf(zero).Name() + "Event")
			for _, e := range []events.Event{sample, zero} {
				shown := shownEvent(t, e)
				assert.NoError(t, union.Validate(shown))
				assert.NoError(t, one.Validate(shown))
			}
			shown := shownEvent(t, sample)
			documented := schemas(reflect.TypeOf(zero).Name())
			for field := range shown["payload"].(map[string]any) {
				assert.Contains(t, documented.Properties, field)
			}
			for field := range documented.Properties {
				assert.Contains(t, shown["payload"], field)
			}
			shown["type"] = "unknown.v1"
			assert.Error(t, union.Validate(shown), "a type that is not in the document")
		})
	}
}

// TestPayloadsHoldNoSecrets looks for secret fields at any depth of every event. A new
// type of secret, or one by name, must be added to what redacted leaves out.
func TestPayloadsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	found := 0
	for _, eventType := range events.Types() {
		payload, err := json.Marshal(redacted.Payload(sampleOf(t, eventType)))
		require.NoError(t, err)
		secrets(reflect.ValueOf(sampleOf(t, eventType)), func(field reflect.StructField, value string) {
			found++
			require.NotEmpty(t, value, "%s: the sample sets %s", eventType, field.Name)
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			assert.NotContains(t, string(payload), `"`+name+`":`, "%s shows %s", eventType, field.Name)
			assert.NotContains(t, string(payload), value, "%s shows the value of %s", eventType, field.Name)
		})
	}
	assert.GreaterOrEqual(t, found, 11)
}

// secrets visits the fields that are secret by their type or by their name.
func secrets(v reflect.Value, visit func(reflect.StructField, string)) {
	switch v.Kind() { //nolint:exhaustive // other kinds hold no fields
	case reflect.Struct:
		for field, value := range v.Fields() {
			switch secret := value.Interface().(type) {
			case events.Sealed, events.ClearText, events.AddressHash, events.ExternalIDHash, events.Nonce:
				visit(field, value.String())
			case events.Metadata:
				for key, entry := range secret {
					visit(field, string(key))
					if entry != "" { // one that was removed
						visit(field, string(entry))
					}
				}
			case events.Hash:
				visit(field, secret.String())
			case encoding.TextMarshaler:
			default:
				if name := strings.ToLower(field.Name); strings.Contains(name, "nonce") || strings.Contains(name, "token") || strings.Contains(name, "secret") {
					visit(field, value.String())
				}
				secrets(value, visit)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			secrets(v.Index(i), visit)
		}
	case reflect.Map:
		for entry := v.MapRange(); entry.Next(); {
			secrets(entry.Value(), visit)
		}
	}
}

// compiledSchemas returns the schemas of the OpenAPI document by their names.
func compiledSchemas(t *testing.T) func(name string) *jsonschema.Schema {
	t.Helper()
	text, err := Description()
	require.NoError(t, err)
	document, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err)
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("openapi.json", document))
	compiled := map[string]*jsonschema.Schema{}
	for name := range document.(map[string]any)["components"].(map[string]any)["schemas"].(map[string]any) {
		compiled[name], err = compiler.Compile("openapi.json#/components/schemas/" + name)
		require.NoError(t, err)
	}
	return func(name string) *jsonschema.Schema { return compiled[name] }
}

// shownEvent is an event as the API writes it.
func shownEvent(t *testing.T, e events.Event) map[string]any {
	t.Helper()
	entry := events.Entry{Organization: "acme", Version: 1, Events: events.Facts{e}}
	for recorded := range entry.Recorded() {
		shown, err := eventOf(domain.Roster{}.Organization("acme"), &events.Commit{Position: 1}, &entry, recorded)
		require.NoError(t, err)
		text, err := json.Marshal(shown)
		require.NoError(t, err)
		read, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		require.NoError(t, err)
		return read.(map[string]any)
	}
	return nil
}

// sampleOf reads the golden file of a type, whose event has every field set.
func sampleOf(t *testing.T, eventType events.Type) events.Event {
	t.Helper()
	golden, err := os.ReadFile(filepath.Join("..", "events", "testdata", string(eventType)+".json"))
	require.NoError(t, err)
	message, err := jsontext.NewDecoder(bytes.NewReader(golden)).ReadValue()
	require.NoError(t, err)
	commit, err := events.Decode(message, 1)
	require.NoError(t, err)
	return commit.Entries[0].Events[0]
}

func zeroOf(t *testing.T, eventType events.Type) events.Event {
	t.Helper()
	e, known := events.New(eventType)
	require.True(t, known)
	return e
}
