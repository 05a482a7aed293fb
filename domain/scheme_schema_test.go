package domain_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
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

func schemeSchema(t *testing.T) part {
	t.Helper()
	var whole part
	if err := json.Unmarshal(domain.SchemeSchema(), &whole); err != nil {
		t.Fatal(err)
	}
	return whole
}

func TestSchemeSchemaListsEveryAction(t *testing.T) {
	t.Parallel()
	var listed, known []string
	for action := range schemeSchema(t).Properties["allow"].Properties {
		listed = append(listed, action)
	}
	for _, action := range domain.Actions() {
		known = append(known, string(action))
	}
	slices.Sort(listed)
	slices.Sort(known)
	if diff := cmp.Diff(known, listed); diff != "" {
		t.Errorf("(-known +listed):\n%s", diff)
	}
}

// TestSchemeSchemaDescribesEverySetting holds that the JSON Schema is the
// documentation of schemes.
func TestSchemeSchemaDescribesEverySetting(t *testing.T) {
	t.Parallel()
	whole := schemeSchema(t)
	if whole.Schema != "https://json-schema.org/draft/2020-12/schema" {
		t.Errorf("the draft is %q", whole.Schema)
	}
	var settings int
	var look func(where string, p part)
	look = func(where string, p part) {
		for name, setting := range p.Properties {
			settings++
			under := where + "." + name
			if !strings.HasSuffix(setting.Description, ".") {
				t.Errorf("%s is described by no sentence: %q", under, setting.Description)
			}
			look(under, setting)
		}
		for name, def := range p.Defs {
			look(where+"#"+name, def)
		}
	}
	look("", whole)
	if settings < len(domain.Actions()) {
		t.Errorf("%d settings were seen", settings)
	}
}

// TestSchemeSchemaIsOfSchemes holds the JSON Schema against the type that it is of: a
// field without a setting could not be said, a setting without a field would be lost.
func TestSchemeSchemaIsOfSchemes(t *testing.T) {
	t.Parallel()
	whole := schemeSchema(t)
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
		slices.Sort(fields)
		slices.Sort(settings)
		if diff := cmp.Diff(fields, settings); diff != "" {
			t.Errorf("%s (-fields +settings):\n%s", where, diff)
		}
	}
	compare("", whole, reflect.TypeFor[events.Scheme]())
	compare("allowance", whole.Defs["allowance"], reflect.TypeFor[events.Allowance]())
}
