package domain_test

import (
	"iter"
	"slices"
	"testing"
	"time"

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
		for _, user := range everybody {
			if sees := org.Sees(user); sees != (model.absence(user, now) == "") {
				t.Errorf("%s sees the organization: %v", user, sees)
			}
			for _, project := range everywhere {
				agree(t, org, model.onProject(user, project, now), user, project)
			}
			for access := range accessesOf(org, user) {
				if since := access.Since(); since.IsZero() || since.After(now) {
					t.Errorf("%s has had access since %v", user, since)
				}
			}
		}
	})
}

// agree holds every answer about somebody on a project against what is wanted.
func agree(t *rapid.T, org domain.Organization, want view, user events.UserID, project events.ProjectID) {
	access := org.Access(user, project)
	if got := viewed(access); want.String() != got.String() {
		t.Errorf("%s on %s: %v, want %v", user, project, got, want)
	}
	if want.reason == "" && !slices.Contains(org.ReachableProjects(user), project) {
		t.Errorf("%s reaches %s, which is left out of %v", user, project, org.ReachableProjects(user))
	}
	listed := slices.Contains(slices.Collect(org.PeopleOnProject(project)), user)
	ever := org.At(time.Time{}).Access(user, project).Reason
	if want.reason == "" && !listed || listed && ever != "" && ever != domain.Deactivated {
		t.Errorf("%s on %s, where they are %q, is listed: %v", user, project, ever, listed)
	}
	if sees := org.SeesProject(user, project); want.reason == "" && !sees {
		t.Errorf("%s is on %s and does not see it", user, project)
	}
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
			if err != nil || judged != nil || allowed != enough || verdict.Allowed != enough || verdict.Held != want.levels[p.Key] {
				t.Errorf("%s on %s has %q of %s: allowed %q: %v, %v; judged %+v, %v", user, project, want.levels[p.Key], p.Key, level, allowed, err, verdict, judged)
			}
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
