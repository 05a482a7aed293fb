package main

import (
	"cmp"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
)

// inCode are the operations that have no verb with their name in its tag.
var inCode = []string{
	// Verbs with a Run method.
	"apply_declaration", "get_declaration", "acknowledge_notification", "mark_notifications_shown", "run_commands", "check_access", "export_access", "export_state", "get_access", "get_import",
	"get_organization_scheme", "list_events", "list_project_members", "search_project", "stream_events",
	// Other verbs show as much: roster team list, roster scheme, roster status.
	"get_team", "get_scheme", "get_scheme_schema", "list_schemes", "get_readiness",
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
