package domain

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/events"
)

// TestTeamSet compares sets to Go maps, over changes that take them beyond the teams that lie in the set itself, and back.
// Every version stays as it was.
func TestTeamSet(t *testing.T) {
	t.Parallel()
	anyTeam := rapid.SampledFrom([]events.TeamID{"a", "b", "c", "d", "e"})
	rapid.Check(t, func(t *rapid.T) {
		type version struct {
			set  teamSet
			want map[events.TeamID]struct{}
		}
		versions := []version{{}}
		for range rapid.IntRange(0, 30).Draw(t, "changes") {
			last, team := versions[len(versions)-1], anyTeam.Draw(t, "team")
			next := version{last.set.with(team), maps.Clone(last.want)}
			if rapid.Bool().Draw(t, "remove") {
				next.set = last.set.without(team)
				delete(next.want, team)
			} else {
				next.want = map[events.TeamID]struct{}{team: {}}
				maps.Copy(next.want, last.want)
			}
			versions = append(versions, next)
		}
		for _, v := range versions {
			require.Equal(t, slices.Sorted(maps.Keys(v.want)), slices.Collect(v.set.all()))
			require.Equal(t, len(v.want), v.set.len())
			for _, team := range []events.TeamID{"a", "b", "c", "d", "e", "f"} {
				_, is := v.want[team]
				require.Equal(t, is, v.set.contains(team), team)
			}
		}
	})
}
