package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

func TestSnapshot(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").May("PATCH "+org+"/projects/apollo/members/dan/end", o{"until": "2999-01-01T00:00:00Z"})
	text := strings.Split(strings.TrimSuffix(h.As("").Sees(org+"/snapshot").Body, "\n"), "\n")
	var start feed.SnapshotStart
	require.NoError(t, json.Unmarshal([]byte(text[0]), &start))
	assert.Equal(t, events.OrganizationID("acme"), start.Organization)
	assert.Positive(t, start.Position)
	assert.Positive(t, start.Version)
	var end feed.SnapshotEnd
	require.NoError(t, json.Unmarshal([]byte(text[len(text)-1]), &end, json.RejectUnknownMembers(true)))
	assert.Equal(t, len(text)-2, end.Lines)
	found := map[events.UserID]map[events.ProjectID]events.RoleKey{}
	for _, part := range text[1 : len(text)-1] {
		var line feed.SnapshotLine
		require.NoError(t, json.Unmarshal([]byte(part), &line, json.RejectUnknownMembers(true)))
		assert.NotEmpty(t, line.Levels)
		assert.NotEmpty(t, line.Sources)
		if found[line.User] == nil {
			found[line.User] = map[events.ProjectID]events.RoleKey{}
		}
		found[line.User][line.Project] = line.Role
	}
	access, err := json.Marshal(map[string]any{"acme": found}, json.Deterministic(true))
	require.NoError(t, err)
	assert.JSONEq(t, h.As("").Sees("/v1/export/access?organization=acme").Body, string(access))

	h.As("ada").Ask("GET "+org+"/snapshot").Refused(http.StatusForbidden, "system_only")
	h.As("").Ask("GET /v1/organizations/other/snapshot").Refused(http.StatusNotFound, "no_organization")
}

// TestNoFeed asks a server that publishes none.
func TestNoFeed(t *testing.T) {
	t.Parallel()
	h, _ := githubOrganization(t)
	for _, request := range []string{"GET /v1/feed", "POST /v1/feed/rebuild"} {
		h.As("").Ask(request).Refused(http.StatusConflict, "no_feed")
		h.As("ada").Ask(request).Refused(http.StatusForbidden, "system_only")
	}
}
