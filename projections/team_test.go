package projections

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

func TestTeamsByName(t *testing.T) {
	t.Parallel()
	f := acme(t)
	org := f.org("acme").At(time.Now())
	for _, tc := range []struct {
		name, search string
		visibleTo    events.UserID
		want         []events.TeamID
	}{
		{"all, by name, whatever the case", "", "", []events.TeamID{"t2", "t1"}},
		{"a part of a name", "Öut", "", []events.TeamID{"t1"}},
		{"a name and an id", "t1 out", "", []events.TeamID{"t1"}},
		{"visible to an owner", "", "ada", []events.TeamID{"t2", "t1"}},
		{"visible to a member of the secret one", "", "bob", []events.TeamID{"t2", "t1"}},
		{"visible to others, without the secret one", "", "cyd", []events.TeamID{"t1"}},
		{"visible to a stranger", "", "nobody", []events.TeamID{}},
	} {
		visible := func(id events.TeamID) bool { return org.SeesTeam(tc.visibleTo, id) }
		found, err := f.ListTeams(t.Context(), org, TeamFilter{Search: tc.search, Keep: visible})
		require.NoError(t, err)
		assert.Equal(t, tc.want, found.Items, tc.name)
	}
}

func TestTeamHasItsOwnMembersAndAssignments(t *testing.T) {
	t.Parallel()
	f := acme(t)
	org := f.org("acme").At(time.Now())
	for team, want := range map[events.TeamID][]events.UserID{"t1": {"cyd"}, "t2": {"bob"}, "none": {}} {
		found, err := f.ListTeamMembers(t.Context(), org, team, Page{})
		require.NoError(t, err)
		assert.Equal(t, want, each(found.Items, userOf), "members of %s", team)
	}
	found, err := f.ListProjectTeams(t.Context(), org, "p1", ProjectTeamFilter{})
	require.NoError(t, err)
	assert.Equal(t, []events.TeamID{"t1"}, found.Items)
}
