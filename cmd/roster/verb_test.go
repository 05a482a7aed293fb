package main

import (
	"cmp"
	"maps"
	"path"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/client"
)

// inCode are the operations that have no verb with their name in its tag.
var inCode = []string{
	// Verbs with a Run method.
	"apply_declaration", "get_declaration", "remove_from_organizations", "erase_person", "list_departed", "acknowledge_notification", "mark_notifications_shown", "mark_all_notifications_shown", "change_notice_preferences_everywhere", "run_commands", "check_access", "export_access", "export_snapshot", "export_state", "get_access", "get_organization_access", "get_import", "create_subscriber", "rotate_subscriber", "revoke_subscriber", "get_receipt", "get_feed", "rebuild_feed", "retry_dead_letters", "drop_dead_letter", "drop_dead_letters", "retry_dead_mails", "drop_dead_mail", "drop_dead_mails", "forget_replica", "invite_member", "invite_members",
	"get_organization_scheme", "list_events", "list_project_members", "search_project", "stream_events",
	// Other verbs show as much: roster team list, roster scheme, roster status.
	"get_team", "get_scheme", "get_scheme_schema", "list_schemes", "get_readiness",
	// roster person export: it has a Run method.
	"export_person",
	// roster person leave: with it people leave, too.
	"leave_organizations",
	// For mail programs.
	"unsubscribe",
	// For monitoring.
	"get_health", "get_metrics",
	// Documentation.
	"get_problem", "list_problems",
}

func TestEveryOperationHasAVerb(t *testing.T) {
	t.Parallel()
	parser, err := newParser(&commands{})
	require.NoError(t, err)
	named := slices.Clone(inCode)
	for _, verb := range parser.Model.Leaves(false) {
		id := cmp.Or(verb.Tag.Get("does"), verb.Tag.Get("lists"), verb.Tag.Get("shows"))
		if id != "" {
			named = append(named, id)
			continue
		}
		assert.True(t, verb.Target.Addr().MethodByName("Run").IsValid(), "%s names no operation and has no Run method", verb.Path())
	}
	slices.Sort(named)
	assert.Equal(t, client.Operations(), slices.Compact(named), "a verb names no operation, or an operation has no verb")
}

// leftOut are arguments of operations that their verbs do not take, since another verb, or a
// flag of another name, does.
var leftOut = map[string][]string{
	"add_project_member": {"members", "teams", "user", "role"}, // the arguments of project add
	"assign_team":        {"teams"},                            // project add
	"edit_team":          {"name", "parent", "description", "privacy"},
}

// everywhere are arguments of operations that no verb takes for itself.
var everywhere = []string{"limit", "after", "dry_run", "cause", "occurred_at"}

// TestVerbsTakeEveryArgument compares the arguments of verbs with those that the description
// of the API has: in paths, queries and bodies.
func TestVerbsTakeEveryArgument(t *testing.T) {
	t.Parallel()
	arguments := argumentsOf(t)
	parser, err := newParser(&commands{})
	require.NoError(t, err)
	for _, verb := range parser.Model.Leaves(false) {
		id := cmp.Or(verb.Tag.Get("does"), verb.Tag.Get("lists"), verb.Tag.Get("shows"))
		if id == "" {
			continue
		}
		taken := fieldsOf(verb.Target.Type())
		if verb.Tag.Has("lists") {
			assert.Equal(t, !verb.Tag.Has("whole"), slices.Contains(arguments[id], "limit"), "%s has pages", verb.Path())
		}
		for _, name := range arguments[id] {
			if !slices.Contains(everywhere, name) && !slices.Contains(leftOut[id], name) {
				assert.Contains(t, taken, name, "%s, for %s", verb.Path(), id)
			}
		}
	}
}

// argumentsOf returns the names of the arguments of each operation.
func argumentsOf(t *testing.T) map[string][]string {
	t.Helper()
	type operation struct {
		ID         string `json:"operationId"`
		Parameters []struct {
			Name string `json:"name"`
			In   string `json:"in"`
		} `json:"parameters"`
		Body struct {
			Content map[string]struct {
				Schema struct {
					Ref string `json:"$ref"`
				} `json:"schema"`
			} `json:"content"`
		} `json:"requestBody"`
	}
	var document struct {
		Paths      map[string]map[string]operation `json:"paths"`
		Components struct {
			Schemas map[string]struct {
				Properties map[string]any `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	text, err := api.Description()
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &document))
	arguments := map[string][]string{}
	for _, operations := range document.Paths {
		for _, o := range operations {
			for _, p := range o.Parameters {
				if p.In == "path" || p.In == "query" {
					arguments[o.ID] = append(arguments[o.ID], p.Name)
				}
			}
			for _, body := range o.Body.Content {
				schema := document.Components.Schemas[path.Base(body.Schema.Ref)]
				arguments[o.ID] = append(arguments[o.ID], slices.Collect(maps.Keys(schema.Properties))...)
			}
		}
	}
	require.Contains(t, arguments["add_member"], "email", "the body of an operation")
	require.Contains(t, arguments["list_members"], "search", "the query of an operation")
	return arguments
}

// fieldsOf returns the names in JSON of the fields of a verb.
func fieldsOf(verb reflect.Type) []string {
	var names []string
	for _, field := range reflect.VisibleFields(verb) {
		if name, _, _ := strings.Cut(field.Tag.Get("json"), ","); name != "" {
			names = append(names, name)
		}
	}
	return names
}
