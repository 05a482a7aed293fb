package domain_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestWhatHadAnIDBeforeIsLeftOut compares an organization of the past with what came of it.
func TestWhatHadAnIDBeforeIsLeftOut(t *testing.T) {
	t.Parallel()
	before := given(workspace, joined("ada", "owner"), created("p"), created("q"))
	for _, tc := range []struct {
		name     string
		later    []events.Event
		exists   bool
		projects []events.ProjectID
	}{
		{"nothing changed", nil, true, []events.ProjectID{"p", "q"}},
		{"a project was deleted", then(events.ProjectDeleted{Project: "p"}), true, []events.ProjectID{"p", "q"}},
		{"a project was deleted and created again", then(events.ProjectDeleted{Project: "p"}, created("p")), true, []events.ProjectID{"q"}},
		{"the organization was deleted", then(events.OrganizationDeleted{}), true, []events.ProjectID{"p", "q"}},
		{"the organization was deleted and created again", then(events.OrganizationDeleted{}, workspace), false, nil},
		{"so was a project in it", then(events.OrganizationDeleted{}, workspace, created("p")), false, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			past, now := stateAfter(before...), stateAfter(append(before, tc.later...)...)
			left := past.WithoutFormer(now)
			assert.Equal(t, tc.exists, left.Exists())
			var projects []events.ProjectID
			for _, id := range []events.ProjectID{"p", "q"} {
				if _, there := left.Project(id); there {
					projects = append(projects, id)
				}
			}
			assert.Equal(t, tc.projects, projects)
			_, there := past.Project("p")
			assert.True(t, there, "the past itself stays as it was")
		})
	}
	nothing := stateAfter()
	assert.False(t, nothing.WithoutFormer(stateAfter(before...)).Exists(), "what did not exist then")
}

// TestOneCommandMayDeleteAndCreate has both events in one entry: they have the same version.
func TestOneCommandMayDeleteAndCreate(t *testing.T) {
	t.Parallel()
	entries := []events.Entry{
		{Organization: "acme", Version: 1, At: noon, Events: events.Facts{workspace, created("p"), created("q")}},
		{Organization: "acme", Version: 2, At: noon, Events: events.Facts{events.ProjectDeleted{Project: "q"}, events.ProjectDeleted{Project: "p"}, created("p")}},
	}
	var past domain.Roster
	past = past.Evolve(entries[0])
	now := past.Evolve(entries[1])
	left := past.WithoutFormer(now).Organization("acme")
	_, there := left.Project("p")
	assert.False(t, there, "another project now")
	_, there = left.Project("q")
	assert.True(t, there, "deleted, and not created again")
}

// TestTeamsThatHadAnIDBeforeAreNotShown has core removed and created again, docs as it was.
func TestTeamsThatHadAnIDBeforeAreNotShown(t *testing.T) {
	t.Parallel()
	before := given(hub, joined("ada", "admin"), team("core", ""), team("docs", ""), team("gone", ""))
	past := stateAfter(before...)
	now := stateAfter(append(before, events.TeamRemoved{Team: "core"}, team("core", ""), events.TeamRemoved{Team: "gone"}, team("new", ""))...)
	visible := now.VisibleFormerTeams("ada", past)
	assert.False(t, visible("core"), "another team now")
	assert.True(t, visible("docs"), "the same team")
	assert.True(t, visible("new"), "no team then")
	assert.Equal(t, now.VisibleTeams("ada")("gone"), visible("gone"), "no team now")
	assert.False(t, now.VisibleFormerTeams("nobody", past)("docs"), "to somebody outside")
}
