package domain_test

import (
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestAnswersAgree asks the same in every way there is, of everybody, about everything,
// and compares with the model.
func TestAnswersAgree(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var org domain.Organization
		now := noon
		history := play(t, func(s step) { org, now = s.after, s.At })
		model := modelled(history)
		if !model.exists {
			return
		}
		now = now.Add(time.Duration(below(t, 3)) * time.Hour)
		org = org.At(now)
		model.withStatusesOf(org)
		for _, user := range everybody {
			sees := org.Sees(user)
			assert.Equal(t, model.absence(user, now) == "", sees, "%s sees the organization", user)
			for _, project := range everywhere {
				agree(t, org, model.onProject(user, project, now), model.atAnyTime().onProject(user, project, now).reason, user, project)
			}
			for access := range accessesOf(org, user) {
				since := access.Since()
				assert.False(t, since.IsZero(), "%s has had access since %v", user, since)
				assert.False(t, since.After(now), "%s has had access since %v", user, since)
			}
		}
	})
}

// agree holds every answer about somebody on a project against what is wanted. Had nothing a start or
// an end, they would have access, or not for the reason ever.
func agree(t *rapid.T, org domain.Organization, want view, ever string, user events.UserID, project events.ProjectID) {
	access := org.Access(user, project)
	assert.Equal(t, want.String(), viewed(access).String(), "%s on %s", user, project)
	assert.False(t, want.reason == "" && !slices.Contains(org.ReachableProjects(user), project), "%s reaches %s, which is left out of %v", user, project, org.ReachableProjects(user))
	listed := slices.Contains(slices.Collect(org.PeopleOnProject(project)), user)
	assert.False(t, want.reason == "" && !listed, "%s on %s, where they are %q, is listed: %v", user, project, ever, listed)
	assert.False(t, listed && ever != "" && ever != string(domain.Deactivated), "%s on %s, where they are %q, is listed: %v", user, project, ever, listed)
	assert.False(t, want.reason == "" && !org.SeesProject(user, project), "%s is on %s and does not see it", user, project)
	for _, p := range org.Scheme().Permissions() {
		wanted := []events.Level{"", "none", "view", "full"}
		if p.Kind == events.ByToggle {
			wanted = []events.Level{"", "off", "on"}
		}
		for _, level := range wanted {
			enough := height(want.levels[p.Key]) >= height(level)
			if level == "" {
				enough = height(want.levels[p.Key]) == 2
			}
			allowed, err := org.Allows(user, project, p.Key, level)
			verdict, judged := org.CheckPermission(access, p.Key, level)
			require.NoError(t, err, "%s on %s has %q of %s: allowed %q", user, project, want.levels[p.Key], p.Key, level)
			require.NoError(t, judged, "%s on %s has %q of %s: allowed %q", user, project, want.levels[p.Key], p.Key, level)
			assert.Equal(t, enough, allowed, "%s on %s has %q of %s: allowed %q", user, project, want.levels[p.Key], p.Key, level)
			assert.Equal(t, enough, verdict.Allowed, "%s on %s has %q of %s: allowed %q", user, project, want.levels[p.Key], p.Key, level)
			assert.Equal(t, want.levels[p.Key], verdict.Held, "%s on %s has %q of %s: allowed %q", user, project, want.levels[p.Key], p.Key, level)
		}
	}
}

// accessesOf yields what somebody has on the projects that they are on.
func accessesOf(org domain.Organization, user events.UserID) iter.Seq[domain.Access] {
	return func(yield func(domain.Access) bool) {
		for _, project := range anything {
			if access := org.Access(user, project); access.Reason == "" && !yield(access) {
				return
			}
		}
	}
}
