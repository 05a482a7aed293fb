package projections

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func TestAudit(t *testing.T) {
	t.Parallel()
	f := acme(t)
	f.by("ada", "acme", domain.ChangeMemberRole{Member: "dan", To: "admin"})
	f.by("dan", "acme", domain.RemoveMember{Member: "bob"})
	f.caughtUp()
	last := f.org("acme").Last()
	for _, tc := range []struct {
		name   string
		filter AuditFilter
		want   []string
	}{
		{"newest first", AuditFilter{Page: Page{Limit: 2}}, []string{"acme/14/0", "acme/13/0"}},
		{"oldest first", AuditFilter{OldestFirst: true, Page: Page{Limit: 3}}, []string{"acme/1/0", "acme/1/1", "acme/2/0"}},
		{"by actor", AuditFilter{Actor: "ada"}, []string{"acme/13/0"}},
		{"by the system", AuditFilter{BySystem: true, Page: Page{Limit: 1}}, []string{"acme/12/0"}},
		{"about a person", AuditFilter{Subject: "bob"}, []string{"acme/14/0", "acme/10/0", "acme/7/0", "acme/2/0"}},
		{"about a team: also who came, and what was put below it", AuditFilter{Subject: "t1"}, []string{"acme/12/0", "acme/11/0", "acme/9/0", "acme/8/0"}},
		{"about a project: also who came, which team, and the removal of a person who was on it", AuditFilter{Subject: "p1"}, []string{"acme/14/0", "acme/12/0", "acme/7/0", "acme/5/0"}},
		{"about a team that somebody was in who was removed", AuditFilter{Subject: "t2", Page: Page{Limit: 1}}, []string{"acme/14/0"}},
		{"about a project, the oldest first, of a type", AuditFilter{Subject: "p1", OldestFirst: true, Types: []events.Type{"assignment.added.v1"}}, []string{"acme/12/0"}},
		{"of types", AuditFilter{Types: []events.Type{"team.created.v1", "assignment.added.v1"}}, []string{"acme/12/0", "acme/9/0", "acme/8/0"}},
		{"since an event", AuditFilter{Since: last}, []string{"acme/14/0"}},
		{"until before an event", AuditFilter{Until: last, Page: Page{Limit: 1}}, []string{"acme/13/0"}},
		{"in the future", AuditFilter{Since: last.Add(time.Hour)}, []string{}},
	} {
		found, err := f.Audit(t.Context(), "acme", tc.filter)
		require.NoError(t, err)
		assert.Equal(t, tc.want, each(found.Items, func(e AuditEvent) string { return e.ID }), tc.name)
	}
	f.give("acme", domain.RemoveTeam{Team: "t2"}, domain.RemoveTeam{Team: "t1"})
	for range 2 {
		page, err := f.Audit(t.Context(), "acme", AuditFilter{Subject: "p1", Page: Page{Limit: 2}})
		require.NoError(t, err)
		assert.Equal(t, []string{"acme/16/0", "acme/14/0"}, each(page.Items, func(e AuditEvent) string { return e.ID }), "the removal of a team that was on the project")
		page, err = f.Audit(t.Context(), "acme", AuditFilter{Subject: "p1", Page: Page{Limit: 2, After: page.Next}})
		require.NoError(t, err)
		assert.Equal(t, []string{"acme/12/0", "acme/7/0"}, each(page.Items, func(e AuditEvent) string { return e.ID }), "the next page")
		require.NoError(t, f.Rebuild(t.Context(), f.ledger, nil)) // makes the same log
	}
	found, err := f.Audit(t.Context(), "acme", AuditFilter{Actor: "dan"})
	require.NoError(t, err)
	want := AuditEvent{ID: "acme/14/0", Type: "membership.removed.v1", At: last, Actor: "dan", Subject: "bob", Position: 14, Version: 14}
	assert.Equal(t, []AuditEvent{want}, found.Items)
}

func TestEntryPositions(t *testing.T) {
	t.Parallel()
	f := acme(t)
	f.caughtUp()
	all, err := f.EntryPositions(t.Context(), "acme", 0, time.Time{}, 100)
	require.NoError(t, err)
	require.NotEmpty(t, all)
	for i, entry := range all {
		assert.EqualValues(t, i+1, entry.Version)
		commit, err := f.ledger.At(t.Context(), entry.Position)
		require.NoError(t, err)
		assert.True(t, entry.At.Equal(commit.Entries[0].At), "version %d", entry.Version)
	}
	for _, at := range []time.Time{{}, all[2].At} {
		found, err := f.EntryPositions(t.Context(), "acme", all[2].Version, at, 2)
		require.NoError(t, err)
		assert.Equal(t, all[3:5], found, "behind the third one, found at %s", at)
	}
	none, err := f.EntryPositions(t.Context(), "none", 0, time.Time{}, 2)
	require.NoError(t, err)
	assert.Empty(t, none)
}
