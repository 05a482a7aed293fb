package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestCountsAgreeWithAccess counts on random organizations, and compares with the access
// of everybody to every project.
func TestCountsAgreeWithAccess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var org domain.Organization
		now := noon
		play(t, func(s step) { org, now = s.after, s.At })
		if !org.Exists() {
			return
		}
		org = org.At(now.Add(time.Duration(below(t, 3)) * time.Hour))
		reached := map[string]int{}
		for id := range org.Projects() {
			var want domain.ProjectCount
			for user := range org.Members() {
				access := org.Access(user, id)
				if access.Reason != "" {
					continue
				}
				want.People++
				reached[string(user)]++
				for _, s := range access.Sources {
					if s.Kind == domain.Direct || s.Kind == domain.Creator {
						want.Direct++
					}
				}
			}
			got := org.CountOnProject(id)
			assert.Equal(t, want.People, got.People, "people on %s", id)
			assert.Equal(t, want.Direct, got.Direct, "people with a grant on %s", id)
			if before := got.Until.Add(-time.Nanosecond); !got.Until.IsZero() {
				earlier := org.At(before).CountOnProject(id)
				assert.Equal(t, [2]int{got.People, got.Direct}, [2]int{earlier.People, earlier.Direct}, "the count of %s changes before %v", id, got.Until)
			}
		}
		for user := range org.Members() {
			assert.Equal(t, reached[string(user)], org.CountAccessibleProjects(user), "projects of %s", user)
		}
		for _, actor := range append(everybody, events.System) {
			counter := domain.NewProjectCounter(org, org, actor)
			visible := org.ProjectsOfVisibleAccess(actor)
			for _, user := range everybody {
				seen := 0
				for _, id := range everywhere {
					if org.SeesAccess(actor, user, id) && org.HasAccess(user, id) {
						seen++
						assert.True(t, visible == nil || slices.Contains(visible, id), "%q sees access on %s", actor, id)
					}
				}
				assert.Equal(t, seen, counter.Count(user), "projects of %s that %q sees", user, actor)
			}
		}
	})
}
