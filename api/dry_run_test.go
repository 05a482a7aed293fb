package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// dryRun asks what a command would do, and demands that it did nothing.
func dryRun(t *testing.T, h *apitest.Server, actor apirequest.Actor, what string, body ...any) apirequest.Reply {
	t.Helper()
	before := h.Desk.View().Position
	sign := "?"
	if strings.Contains(what, "?") {
		sign = "&"
	}
	result := actor.Ask(what+sign+"dry_run=true", body...)
	assert.Equal(t, before, h.Desk.View().Position, result)
	return result
}

// TestDryRunPredicts holds what dry runs say against what the commands then do.
func TestDryRunPredicts(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	apollo := org + "/projects/apollo"
	for _, step := range []struct {
		what string
		body any
		then []any // of the first change
	}{
		{
			"POST " + org + "/projects/gemini/teams",
			o{"team": "core", "role": "triage"},
			[]any{"user", "bob", "project", "gemini", "from", nil, "to", "triage", "effect", "gains"},
		},
		{
			"PATCH " + apollo + "/members/dan",
			o{"role": "admin"},
			[]any{
				"user", "dan", "project", "apollo", "from", "maintain", "to", "admin", "effect", "changes",
				"levels.0.permission", "settings", "levels.0.from", "none", "levels.0.to", "full",
			},
		},
		{
			"POST " + org + "/members/dan/deactivate", nil,
			[]any{"user", "dan", "project", nil, "from", "member", "to", nil, "effect", "loses"},
		},
		{
			"DELETE " + org + "/teams/sub", nil,
			[]any{"user", "bob", "project", "apollo", "from", "write", "to", nil, "effect", "loses"},
		},
		{"PATCH " + org, o{"name": "Ours"}, nil},
		{
			"POST " + org + "/commands",
			o{"commands": []o{{"type": "add_project_member", "project": "gemini", "user": "cleo"}}},
			[]any{"user", "cleo", "project", "gemini", "to", "read", "effect", "gains"},
		},
		{"DELETE " + org, nil, []any{"user", "ada", "from", "admin", "to", nil, "effect", "loses"}},
	} {
		result := dryRun(t, h, h.As("ada"), step.what, step.body).OK().Has("changed", false)
		assert.Equal(t, http.StatusOK, result.Status)
		assert.NotEmpty(t, result.Header.Get("ETag"))
		assert.Equal(t, h.Desk.View().Position, result.Position())
		if step.then == nil {
			result.Has("dry_run.changes.0", nil)
		}
		for i := 0; i < len(step.then); i += 2 {
			result.Has("dry_run.changes.0."+step.then[i].(string), step.then[i+1])
		}
		done := h.As("ada").May(step.what, step.body)
		result.Has("dry_run.events.0.type", done.At("events.0.type"), "dry_run.events.1.type", done.At("events.1.type"), "dry_run.events.2.type", done.At("events.2.type"))
	}
}

// TestDryRunRefuses wants of a dry run what the command itself would say.
func TestDryRunRefuses(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, c := range []try{
		{"zoe", "POST " + org + "/projects", o{"id": "q"}, 404, "no_organization"},
		{"bob", "POST " + org + "/projects", o{"id": "q"}, 403, "not_allowed"},
		{"ada", "POST " + org + "/projects", o{"id": "apollo"}, 409, "project_exists"},
		{"ada", "POST " + org + "/projects?occurred_at=2020-01-01T00:00:00Z", o{"id": "q"}, 403, "may_not_state_time"},
		{"", "POST " + org + "/projects?occurred_at=2020-01-01T00:00:00Z", o{"id": "q"}, 409, "before_history"},
		{"", "POST " + org + "/projects?occurred_at=2999-01-01T00:00:00Z", o{"id": "q"}, 422, "time_in_the_future"},
		{"ada", "POST " + org + "/invites", o{"email": "at home"}, 422, "bad_email"},
		{"ada", "POST " + org + "/invites", o{}, 400, "malformed"},
		{"ada", "DELETE " + org + "/members/ada", nil, 409, "last_holder"},
		{"ada", "POST /v1/organizations/a%20b/projects", o{"id": "q"}, 422, "bad_id"},
	} {
		dryRun(t, h, h.As(c.actor), c.what, c.body).Refused(c.status, c.code)
		h.As(c.actor).Ask(c.what, c.body).Refused(c.status, c.code)
	}
	dryRun(t, h, h.As("ada").With("If-Match", `"99"`), "POST "+org+"/projects", o{"id": "q"}).Refused(412, "stale_version")
	dryRun(t, h, h.As("zoe").With("If-Match", `"99"`), "POST "+org+"/projects", o{"id": "q"}).Refused(404, "no_organization")
	dryRun(t, h, h.As("ada").With("If-Match", `"1"`), "POST "+org+"/projects", o{"id": "q"}).OK()
	dryRun(t, h, h.As("ada"), "POST "+org+"/commands", o{"commands": []o{
		{"type": "create_project", "id": "q"}, {"type": "change_member_role", "user": "zoe", "role": "admin"}, {"type": "dance"},
	}}).Refused(404, "no_member").Has("errors.0.index", 1, "errors.1.index", 2, "errors.1.code", "malformed", "errors.2", nil)
	dryRun(t, h, h.As("ada"), "POST "+org+"/commands", o{"commands": []o{
		{"type": "create_project", "id": "q"}, {"type": "change_member_role", "user": "zoe", "role": "admin"},
	}}).Refused(404, "no_member").Has("errors.0.index", 1)
}

func TestDryRunLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	js, err := jetstream.New(h.NATS)
	require.NoError(t, err)
	bucket, err := js.KeyValue(t.Context(), "roster_keys")
	require.NoError(t, err)
	held := func() int {
		keys, err := bucket.Keys(t.Context())
		require.NoError(t, err)
		return len(keys)
	}
	before := held()
	dryRun(t, h, h.As(""), "POST "+org+"/members", o{"user": "mia", "name": "Mia", "email": "mia@example.org"}).OK().
		Has("dry_run.changes.0.user", "mia", "dry_run.changes.0.effect", "gains", "dry_run.events.0.type", "membership.joined.v1")
	dryRun(t, h, h.As("ada"), "POST "+org+"/invites/bulk", o{"invites": []o{{"email": "mia@example.org"}, {"email": "noa@example.org"}}}).OK().
		Has("dry_run.events.1.type", "invite.sent.v1", "dry_run.changes.0", nil)
	assert.Equal(t, before, held(), "held keys")
	// A key that a dry run carries is not used up.
	once := h.As("ada").With("Idempotency-Key", "k")
	dryRun(t, h, once, "POST "+org+"/projects", o{"id": "q"}).OK()
	once.May("POST "+org+"/projects", o{"id": "q"}).Has("changed", true, "repeated", nil)

	result := dryRun(t, h, h.As("zoe"), "POST /v1/organizations", o{"id": "new", "scheme": "github"}).OK().
		Has("dry_run.changes.0.user", "zoe", "dry_run.changes.0.to", "admin", "dry_run.changes.1", nil)
	assert.Empty(t, result.Header.Get("ETag"), "what is not there has the version")
	h.As("zoe").SeesNo("/v1/organizations/new", "no_organization")
	dryRun(t, h, h.As(""), "POST "+org+"/projects?occurred_at=2999-01-01T00:00:00Z", o{"id": "r"}).Refused(422, "time_in_the_future")
}

// TestDryRunKeepsToWhatTheActorSees deletes a project as somebody who may not know
// who is on it.
func TestDryRunKeepsToWhatTheActorSees(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "scoped")
	h.As("ada").May("PATCH "+org+"/members/bob/levels", o{"levels": o{"PROJECTS": "full"}})
	h.As("ada").May("POST "+org+"/projects/apollo/members", o{"members": []o{
		{"user": "bob", "levels": o{"WORKFLOWS": "view"}}, {"user": "cleo", "levels": o{"WORKFLOWS": "view"}},
	}})
	const apollo = "/projects/apollo"
	dryRun(t, h, h.As("bob"), "DELETE "+org+apollo).OK().Has(
		"dry_run.events.0.type", "project.deleted.v1", "dry_run.changes.0.user", "bob", "dry_run.changes.0.effect", "loses", "dry_run.changes.1", nil)
	dryRun(t, h, h.As("ada"), "DELETE "+org+apollo).OK().Has(
		"dry_run.changes.0.user", "ada", "dry_run.changes.1.user", "bob", "dry_run.changes.2.user", "cleo", "dry_run.changes.3", nil)
	// Whoever leaves sees that they do, and of nobody else.
	dryRun(t, h, h.As("cleo"), "DELETE "+org+"/members/cleo").OK().Has(
		"dry_run.changes.0.user", "cleo", "dry_run.changes.0.project", nil, "dry_run.changes.1.project", "apollo", "dry_run.changes.2", nil)
}

// TestDryRunListsAPart removes a team of 700 people from 3 projects: 2,100 changes.
func TestDryRunListsAPart(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").May("POST "+org+"/teams", o{"id": "crew", "name": "Crew"})
	var members, entered []o
	for i := range 700 {
		id := fmt.Sprintf("u%03d", i)
		members = append(members, o{"type": "add_member", "user": id})
		entered = append(entered, o{"type": "add_team_member", "team": "crew", "user": id})
	}
	for _, id := range []string{"x", "y", "z"} {
		entered = append(entered, o{"type": "create_project", "id": id}, o{"type": "assign_team", "team": "crew", "project": id, "role": "read"})
	}
	h.As("").May("POST "+org+"/commands", o{"commands": members})
	h.As("ada").May("POST "+org+"/commands", o{"commands": entered})
	remove := "DELETE " + org + "/teams/crew"
	seen := map[string]int{}
	page := dryRun(t, h, h.As("ada"), remove).OK().Has("dry_run.counts.loses", 2100, "dry_run.counts.gains", 0, "dry_run.counts.changes", 0, "dry_run.counts.events", 1)
	pages := 1
	for ; ; pages++ {
		users, projects := page.Texts("dry_run.changes.user"), page.Texts("dry_run.changes.project")
		for i := range users {
			seen[users[i]+"/"+projects[i]]++
		}
		next, more := page.At("dry_run.next").(string)
		if !more {
			break
		}
		assert.Len(t, users, 1000)
		page = dryRun(t, h, h.As("ada"), remove+"?after="+next).OK().Has("dry_run.counts", nil)
	}
	assert.Equal(t, 3, pages)
	assert.Len(t, seen, 2100)
	for pair, times := range seen {
		assert.Equal(t, 1, times, pair)
	}
	dryRun(t, h, h.As("ada"), remove+"?after=nonsense").Refused(http.StatusBadRequest, "bad_cursor")
	h.As("ada").Ask(remove+"?after=e30").Refused(http.StatusBadRequest, "malformed")

	events := []o{}
	for i := range 999 {
		events = append(events, o{"type": "create_project", "id": fmt.Sprint("q", i)})
	}
	dryRun(t, h, h.As("ada"), "POST "+org+"/commands", o{"commands": events}).OK().Has("dry_run.counts.events", 1998, "dry_run.events.1000", nil)
}
