package scheme_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

// part is as much of a JSON Schema as the tests below look at.
type part struct {
	Schema      string          `json:"$schema"`
	Ref         string          `json:"$ref"`
	Description string          `json:"description"`
	Properties  map[string]part `json:"properties"`
	Items       *part           `json:"items"`
	Enum        []string        `json:"enum"`
	Defs        map[string]part `json:"$defs"`
}

func jsonSchema(t *testing.T) part {
	t.Helper()
	var whole part
	require.NoError(t, json.Unmarshal(scheme.JSONSchema(), &whole))
	return whole
}

func TestJSONSchemaListsEveryAction(t *testing.T) {
	t.Parallel()
	var listed []events.Action
	for action := range jsonSchema(t).Properties["allow"].Properties {
		listed = append(listed, events.Action(action))
	}
	assert.ElementsMatch(t, domain.Actions(), listed, "the table of actions, and the settings below allow")
}

// TestJSONSchemaDescribesEverySetting: the JSON Schema is the documentation of schemes.
func TestJSONSchemaDescribesEverySetting(t *testing.T) {
	t.Parallel()
	whole := jsonSchema(t)
	assert.Equal(t, "https://json-schema.org/draft/2020-12/schema", whole.Schema)
	var settings int
	var look func(where string, p part)
	look = func(where string, p part) {
		for name, setting := range p.Properties {
			settings++
			under := where + "." + name
			assert.True(t, strings.HasSuffix(setting.Description, "."), "%s is described by no sentence: %q", under, setting.Description)
			look(under, setting)
		}
		for name, def := range p.Defs {
			look(where+"#"+name, def)
		}
	}
	look("", whole)
	assert.Greater(t, settings, len(domain.Actions()))
}

// TestJSONSchemaMatchesTheType compares the JSON Schema with events.Scheme: a field without
// a setting could not be said, a setting without a field would be lost.
func TestJSONSchemaMatchesTheType(t *testing.T) {
	t.Parallel()
	whole := jsonSchema(t)
	// Organizations alone mark roles as theirs, and a role has other settings by its kind.
	unsaid := map[string][]string{
		"organization_roles": {"custom"},
		"project_roles":      {"custom", "all_projects", "default_project_role", "bypass", "protected"},
		"teams.roles":        {"custom", "all_projects", "default_project_role", "bypass", "protected", "levels", "own_levels", "at_least"},
	}
	var compare func(where string, p part, of reflect.Type)
	compare = func(where string, p part, of reflect.Type) {
		if name, found := strings.CutPrefix(p.Ref, "#/$defs/"); found {
			p = whole.Defs[name]
		}
		switch {
		case of.Kind() == reflect.Slice && p.Items != nil:
			compare(where, *p.Items, of.Elem())
			return
		case of.Kind() != reflect.Struct:
			return
		}
		var fields, settings []string
		for field := range of.Fields() {
			name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
			if slices.Contains(unsaid[where], name) {
				continue
			}
			fields = append(fields, name)
			compare(strings.TrimPrefix(where+"."+name, "."), p.Properties[name], field.Type)
		}
		for name := range p.Properties {
			settings = append(settings, name)
		}
		assert.ElementsMatch(t, fields, settings, "the fields and the settings of %s", where)
	}
	compare("", whole, reflect.TypeFor[events.Scheme]())
	compare("allowance", whole.Defs["allowance"], reflect.TypeFor[events.Allowance]())
}
