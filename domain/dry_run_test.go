package domain_test

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// changesOf compares two states the slow way: everybody and everything.
func changesOf(before, after domain.Organization) []domain.AccessChange {
	var all []domain.AccessChange
	for _, user := range everybody {
		for _, project := range append([]events.ProjectID{""}, everywhere...) {
			from, to := asked(before, user, project), asked(after, user, project)
			change := domain.AccessChange{User: user, Project: project, From: from.Role, To: to.Role}
			had, has := from.Levels(), to.Levels()
			for _, p := range slices.Concat(catalogueOf(after, project), catalogueOf(before, project)) {
				known := slices.ContainsFunc(change.Levels, func(c domain.LevelChange) bool { return c.Permission == p.Key })
				had, has := had[p.Key], has[p.Key]
				// What one of two rules lacks matters to those alone whom the other gives something.
				if had != has && !known && (had != "" && from.Role != "" || has != "" && to.Role != "") {
					change.Levels = append(change.Levels, domain.LevelChange{Permission: p.Key, From: had, To: has})
				}
			}
			if change.From != change.To || len(change.Levels) > 0 {
				all = append(all, change)
			}
		}
	}
	return sortedChanges(slices.Values(all))
}

func catalogueOf(org domain.Organization, project events.ProjectID) []events.Permission {
	switch {
	case !org.Exists():
		return nil
	case project == "":
		return org.Scheme().Scheme.Permissions.Organization
	}
	return org.Scheme().Permissions()
}

func asked(org domain.Organization, user events.UserID, project events.ProjectID) domain.Access {
	switch {
	case !org.Exists():
		return domain.Access{}
	case project == "":
		return org.InOrganization(user)
	}
	return org.Access(user, project)
}

func sortedChanges(all iter.Seq[domain.AccessChange]) []domain.AccessChange {
	return slices.SortedFunc(all, func(a, b domain.AccessChange) int {
		return cmp.Or(cmp.Compare(a.User, b.User), cmp.Compare(a.Project, b.Project))
	})
}

// TestAccessChanges compares what each event is said to have changed with what it
// changed, looking at everybody and every project.
func TestAccessChanges(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		before := s.before
		for recorded := range s.entry.Recorded() {
			after := before.Evolve(recorded)
			assert.Empty(t, gocmp.Diff(changesOf(before, after), sortedChanges(domain.AccessChanges(before, after, recorded.Event))), "%#v (-want +got)", recorded.Event)
			before = after
		}
	})
}

// TestRoleNoticesAreChangesOfRole holds notices against the changes of access by a command in
// which somebody has a role before and another one after.
func TestRoleNoticesAreChangesOfRole(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		want, got := map[string]int{}, map[string]int{}
		for _, c := range changesOf(s.before, s.after) {
			if c.From != "" && c.To != "" && c.From != c.To {
				want[fmt.Sprint(c.User, c.Project, c.From, c.To)]++
			}
		}
		for n := range domain.RoleNotices(s.before.At(s.entry.At), &s.entry, 1) {
			got[fmt.Sprint(n.User, n.Project, n.From, n.To)]++
		}
		assert.Empty(t, gocmp.Diff(want, got), "%#v (-want +got)", s.entry.Events)
	})
}

// TestRoleNoticesOfLongEntries holds the notices of an entry that has the events of many commands
// against the roles of everybody on every project after each event: who has a role before the
// entry and another one after it is told so, by the last event that changed the role.
func TestRoleNoticesOfLongEntries(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		history := play(t, nil)
		first := below(t, len(history))
		entry := events.Entry{Organization: "acme", Version: 999, At: history[len(history)-1].At}
		for _, e := range history[first:] {
			entry.Events = append(entry.Events, e.Events...)
		}
		before := domain.Roster{}.Evolve(history[:first]...).Organization("acme").At(entry.At)
		changed := map[string]int{}
		after := before
		for r := range entry.Recorded() {
			next := after.Evolve(r)
			for _, c := range changesOf(after, next) {
				if c.From != c.To {
					changed[fmt.Sprint(c.User, c.Project)] = r.Index
				}
			}
			after = next
		}
		want, got := map[string]int{}, map[string]int{}
		for _, c := range changesOf(before, after) {
			if c.From != "" && c.To != "" && c.From != c.To {
				want[fmt.Sprint(c.User, c.Project, c.From, c.To)] = changed[fmt.Sprint(c.User, c.Project)]
			}
		}
		for n := range domain.RoleNotices(before.At(entry.At), &entry, 1) {
			got[fmt.Sprint(n.User, n.Project, n.From, n.To)] = n.Index
		}
		assert.Empty(t, gocmp.Diff(want, got), "by the index of the event (-want +got)")
	})
}

// TestForesightSaysWhatHappens holds a dry run against the command: the same events,
// and every change of everybody's access from before to after.
func TestForesightSaysWhatHappens(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		forecast, err := s.before.DryRun(s.command, s.Moment, always)
		require.NoError(t, err, "%#v by %q happens, but is foreseen to fail", s.command, s.Actor)
		assert.Empty(t, gocmp.Diff([]events.Event(s.entry.Events), forecast.Events), "events of %#v (-happened +foreseen)", s.command)
		assert.Empty(t, gocmp.Diff(changesOf(s.before, s.after), allChanges(forecast)), "changes by %#v (-happened +foreseen)", s.command)
	})
}

// always lets a walk go on.
func always() bool { return true }

// everyProject is a range without a limit.
var everyProject = domain.AccessRange{Includes: func(events.ProjectID) bool { return true }, Proceed: always}

func allChanges(d domain.DryRun) (all []domain.AccessChange) {
	for change := range d.Changes("", "", always) {
		all = append(all, d.WithLevels(change))
	}
	return all
}

// TestDryRunGoesOnBehindAnyChange reads the changes of a command in two parts.
func TestDryRunGoesOnBehindAnyChange(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		result, err := s.before.DryRun(s.command, s.Moment, always)
		require.NoError(t, err)
		all := slices.Collect(result.Changes("", "", always))
		for i, last := range all {
			if i%5 != 0 {
				continue
			}
			assert.Empty(t, gocmp.Diff(all[i+1:], slices.Collect(result.Changes(last.User, last.Project, always)), cmpopts.EquateEmpty()), "behind %v", last)
		}
	})
}

// TestListsGoOnWhereTheyEnded ends lists after a few accesses that were looked at, goes on behind the
// last of them, and comes to the same as without an end.
func TestListsGoOnWhereTheyEnded(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		if !s.before.Exists() {
			return
		}
		result, err := s.before.At(s.Now).DryRun(s.command, s.Moment, always)
		if err != nil || !result.After.Exists() {
			return
		}
		each := rapid.IntRange(1, 4).Draw(t, "each")
		pages := func(list func(first, second string, reach func(first, second string) bool)) {
			first, second, stopped := "", "", true
			for stopped {
				looked := 0
				last := [2]string{first, second}
				stopped = false
				list(first, second, func(a, b string) bool {
					if looked == each {
						stopped = true
						return false
					}
					looked++
					last = [2]string{a, b}
					return true
				})
				first, second = last[0], last[1]
			}
		}
		var changed []domain.AccessChange
		pages(func(user, project string, reach func(string, string) bool) {
			changed = slices.AppendSeq(changed, result.ChangesUntil(events.UserID(user), events.ProjectID(project), always,
				func(u events.UserID, p events.ProjectID) bool { return reach(string(u), string(p)) }))
		})
		assert.Empty(t, gocmp.Diff(slices.Collect(result.Changes("", "", always)), changed, cmpopts.EquateEmpty()))
		var unreviewed []domain.ProjectAccess
		since := s.Now.AddDate(1, 0, 0)
		pages(func(project, user string, reach func(string, string) bool) {
			r := everyProject
			r.Project, r.User = events.ProjectID(project), events.UserID(user)
			r.Reach = func(p events.ProjectID, u events.UserID) bool { return reach(string(p), string(u)) }
			unreviewed = slices.AppendSeq(unreviewed, result.After.Unreviewed(since, r))
		})
		assert.Empty(t, gocmp.Diff(slices.Collect(result.After.Unreviewed(since, everyProject)), unreviewed, cmpopts.EquateEmpty()))
	})
}

// TestWalksEndWhenTold stops each walk over an organization after a few steps.
func TestWalksEndWhenTold(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, team("core", ""), entered("core", "hal", "hand"), entered("core", "max", "hand"), assigned("core", "p", "lead"))...)
	steps := 0
	twice := func() bool { steps++; return steps <= 2 }
	few := everyProject
	few.Proceed = twice
	for name, walk := range map[string]func() int{
		"changes": func() int {
			result, err := org.DryRun(domain.ArchiveOrganization{}, events.Moment{At: noon, Now: noon}, always)
			require.NoError(t, err)
			return len(slices.Collect(result.Changes("", "", twice)))
		},
		"pairs": func() int {
			result, err := org.DryRun(domain.RemoveTeam{Team: "core"}, events.Moment{At: noon, Now: noon}, always)
			require.NoError(t, err)
			return len(slices.Collect(result.Changes("", "", func() bool { steps++; return false })))
		},
		"summaries":  func() int { return len(org.AccessSummaries(twice)) },
		"admins":     func() int { return len(slices.Collect(org.ProjectAdmins(few))) },
		"unreviewed": func() int { return len(slices.Collect(org.Unreviewed(noon.AddDate(1, 0, 0), few))) },
	} {
		steps = 0
		assert.LessOrEqual(t, walk(), 4, name)
		assert.LessOrEqual(t, steps, 4, name)
	}
}

// TestPermissionsThatGiveWayToOthers has a scheme that gives as much of other things.
func TestPermissionsThatGiveWayToOthers(t *testing.T) {
	t.Parallel()
	other := into(func(s *events.Scheme) {
		s.Permissions.Project[0].Key = "prose"
		s.Permissions.Project[1].Kind, s.Permissions.Project[2].Kind = events.ByToggle, ""
		projectRole(s, "lead").Levels = events.Levels{"prose": "full", "people": "on", "publish": "full"}
	})
	before := stateAfter(staff...)
	changed := events.SchemeChanged{Scheme: other.Scheme}
	for change := range domain.AccessChanges(before, before.Evolve(events.Recorded{Event: changed}), changed) {
		if change.User != "mia" || change.Project != "p" {
			continue
		}
		want := []domain.LevelChange{{Permission: "prose", From: "", To: "full"}, {Permission: "people", From: "full", To: "on"}, {Permission: "publish", From: "on", To: "full"}, {Permission: "text", From: "full", To: ""}}
		assert.Empty(t, gocmp.Diff(want, change.Levels), "(-want +got)")
		return
	}
	assert.Fail(t, "nothing has changed for mia")
}

// TestReadersMayStop holds that whoever reads of changes may stop after the first,
// whatever has changed.
func TestReadersMayStop(t *testing.T) {
	t.Parallel()
	before := stateAfter(so(staff, created("q"), team("core", ""), team("low", "core"), entered("core", "hal", "hand"), entered("low", "max", "hand"), assigned("core", "p", "guide"), assigned("core", "q", "guide"))...)
	for _, e := range []events.Event{
		events.OrganizationDeleted{},
		events.OrganizationArchived{},
		events.ProjectDeleted{Project: "p"},
		events.TeamRemoved{Team: "core"},
		events.RoleChanged{Member: "max", From: "member", To: "chief"},
		events.MemberRemoved{Member: "hal"},
		events.TeamUnassigned{Team: "core", Project: "p"},
		events.AssignmentChanged{Team: "core", Project: "p", From: "guide", To: "maker"},
		joined("new", "chief"),
	} {
		r := events.Recorded{Event: e, Origin: events.Origin{Version: 99, At: noon}}
		n := 0
		for range domain.AccessChanges(before, before.Evolve(r), e) {
			n++
			break
		}
		for range domain.RoleNotices(before.At(noon), &events.Entry{Version: 99, At: noon, Events: events.Facts{e}}, 1) {
			break
		}
		assert.Equal(t, 1, n, "%#v changes nothing", e)
	}
	project, _ := before.Project("p")
	for range before.PeopleOnProject("p") {
		break
	}
	for range before.TeamsOnProject("p") {
		break
	}
	for range project.Assignments() {
		break
	}
	for range before.Descendants("core") {
		break
	}
	for range before.Ancestors("low") {
		break
	}
}

// TestEachChangeIsToldOnce has somebody in two teams through one of which the other's
// assignment comes.
func TestEachChangeIsToldOnce(t *testing.T) {
	t.Parallel()
	before := stateAfter(so(staff, team("core", ""), team("low", "core"), entered("core", "hal", "hand"), entered("low", "hal", "hand"), assigned("core", "p", "guide"))...)
	e := events.TeamUnassigned{Team: "core", Project: "p"}
	told := map[events.UserID]int{}
	for change := range domain.AccessChanges(before, before.Evolve(events.Recorded{Event: e}), e) {
		told[change.User]++
	}
	assert.Empty(t, gocmp.Diff(map[events.UserID]int{"hal": 1}, told), "(-want +got)")
	on := map[events.UserID]int{}
	for user := range before.PeopleOnProject("p") {
		on[user]++
	}
	assert.Empty(t, gocmp.Diff(map[events.UserID]int{"hal": 1, "mia": 1, "cleo": 1, "max": 1, "olga": 1, "chip": 1}, on), "on the project (-want +got)")
}
