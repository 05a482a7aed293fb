package domain_test

import (
	"iter"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// crowd is an organization with two million pairs of a person and a project: 20,000 members,
// of whom 10,000 are in one team that is assigned to all of 200 projects. Each of the others
// has one grant.
func crowd() iter.Seq[events.Entry] {
	const people, inTeam, projects = 20_000, 10_000, 200
	return func(yield func(events.Entry) bool) {
		version := events.Version(0)
		give := func(happened ...events.Event) bool {
			version++
			return yield(events.Entry{Organization: "acme", Version: version, At: noon, Events: happened})
		}
		give(hub, joined("admin", "admin"), team("crew", ""))
		for i := range projects {
			give(created(projectID(i)), assigned("crew", projectID(i), "write"))
		}
		for i := range people {
			happened := []events.Event{joined(userID(i), "member")}
			if i < inTeam {
				happened = append(happened, entered("crew", userID(i), "member"))
			} else {
				happened = append(happened, granted(projectID(i%projects), userID(i), "read"))
			}
			if !give(happened...) {
				return
			}
		}
	}
}

// BenchmarkCrowd asks what costs the most.
func BenchmarkCrowd(b *testing.B) {
	org := build(crowd()).Organization("acme").At(noon)
	now := events.Moment{Actor: "admin", At: noon, Now: noon}
	b.Run("decide", func(b *testing.B) {
		for b.Loop() {
			_, err := (domain.RemoveTeam{Team: "crew"}).Decide(org, now)
			require.NoError(b, err)
		}
	})
	b.Run("summaries", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			require.Len(b, org.AccessSummaries(always), 20_001)
		}
	})
	b.Run("admins", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			require.Len(b, slices.Collect(org.ProjectAdmins(everyProject)), 200)
		}
	})
	b.Run("unreviewed", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			n := 0
			for range org.Unreviewed(noon.AddDate(0, 0, 1), everyProject) {
				n++
			}
			require.Equal(b, 2_010_200, n)
		}
	})
	b.Run("dry run", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			result, err := org.DryRun(domain.RemoveTeam{Team: "crew"}, now, always)
			require.NoError(b, err)
			n := 0
			for range result.Changes("", "", always) {
				n++
			}
			require.Equal(b, 2_000_000, n)
		}
	})
}
