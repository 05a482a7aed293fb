package main

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// withoutActions leaves out what somebody could do, which is said of now alone.
func withoutActions(shown string) string {
	var kept strings.Builder
	for line := range strings.Lines(shown) {
		if !strings.HasPrefix(line, "you may") {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// TestListsOfThePast asks for every list before and after everything in it has changed. The
// lists of the past are those that were printed then, but for what their readers could do.
func TestListsOfThePast(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	in := func(command string) []string { return append(strings.Fields(command), "--org", "acme") }
	h.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	for _, command := range []string{
		"member add bob --name Zoe --email bob@example.org", "member add cleo --name Åsa", "member add dan --until 1h",
		"project create apollo --name Apollo", "project create docs", "team create Core --id core", "team create Kernel --id kernel --parent core",
		"team add kernel cleo", "team assign core apollo --role write", "project add apollo bob --role triage", "project archive docs",
		"invite send eve@example.org --project apollo",
	} {
		h.must(in(command)...)
	}
	lists := []string{
		"member list", "member list --search asa", "member list --role admin", "member list --status active", "member projects cleo", "invite list",
		"project list", "project list --archived true", "project list --search apo", "project members apollo", "project members apollo --role triage",
		"project members apollo --source team", "project members apollo --search zoe", "project teams apollo", "team list", "team members kernel",
		"project search apollo zoe", "report project-admins", "report projects-per-member", "report broad-access", "report pending-invites --days 0",
		"report unreviewed-access --days 0", "report project-admins --csv",
	}
	before := map[string]string{}
	for _, list := range lists {
		before[list] = h.must(in(list)...)
	}
	shows := []string{"member show bob", "project show apollo", "team show kernel", "role list"}
	for _, show := range shows {
		before[show] = withoutActions(h.must(in(show)...))
	}
	then := time.Now().UTC().Format(time.RFC3339Nano)
	time.Sleep(10 * time.Millisecond)
	assert.Equal(t, "yes\n", h.must(in("check bob issues apollo")...))
	for _, command := range []string{
		"member profile bob --name Robert", "member remove cleo", "project rename apollo Zeus", "project restore docs", "project remove apollo bob",
		"team remove kernel", "team remove core", "member role bob admin",
	} {
		h.must(in(command)...)
	}
	for _, list := range lists {
		if !strings.Contains(list, "invite") && list != "member list --status active" {
			now, _, _ := h.roster(in(list)...)
			assert.NotEqual(t, before[list], now, "%s: nothing has changed", list)
		}
		assert.Equal(t, before[list], h.must(in(list+" --at "+then)...), list)
	}
	for _, show := range shows {
		assert.Equal(t, before[show], withoutActions(h.must(in(show+" --at "+then)...)), show)
	}
	assert.Equal(t, "yes\n", h.must(in("check bob issues apollo --at "+then)...))
	_, said, code := h.roster(in("project list --actor cleo --at " + then)...)
	assert.Equal(t, exitRefused, code, "somebody who was a member reads the past: %s", said)
	assert.Equal(t, before["member list"], h.must(in("member list --actor bob --at "+then)...), "who has the right now reads the past")
	paged := 0
	for m, err := range h.client(t).ListMembers(t.Context(), "acme", client.ListMembersQuery{At: then}, client.PageSize(1)) {
		require.NoError(t, err)
		assert.Empty(t, m.Actions, "what can be done in the past")
		paged++
	}
	assert.Equal(t, 4, paged, "members, page by page")
	h.must("org", "rename", "acme", "Zenith")
	h.must("org", "delete", "acme")
	assert.Contains(t, h.must("org", "list", "--at", then), "acme")
	assert.NotContains(t, h.must("org", "list", "--at", then), "Zenith")
	assert.NotContains(t, h.must("org", "list"), "acme")
	assert.Contains(t, h.must("org", "show", "acme", "--at", then), "GitHub")
	assert.Equal(t, before["member list"], h.must(in("member list --at "+then)...), "of an organization that was deleted")
	_, said, code = h.roster(in("member list --at yesterday")...)
	assert.Equal(t, exitRefused, code, "before there was the organization: %s", said)
	_, said, code = h.roster(in("member list --at 2999-01-01")...)
	assert.NotZero(t, code, "in the future: %s", said)
}
