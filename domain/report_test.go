package domain_test

import (
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// history puts one event after the other, a day apart, from noon on.
func history(happened ...events.Event) domain.Organization {
	var roster domain.Roster
	for i, e := range happened {
		roster = roster.Evolve(events.Entry{Organization: "acme", Version: events.Version(i + 1), At: day(i), Events: events.Facts{e}})
	}
	return roster.Organization("acme").At(day(len(happened)))
}

func day(n int) time.Time { return noon.AddDate(0, 0, n) }

func TestReaches(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, created("q"), granted("q", "cleo", "lead"), granted("q", "max", "lead"),
		events.OverrideSet{Project: "q", Member: "max", Permission: "text", Level: "view"},
		events.ProjectMemberAdded{Project: "q", Member: "mia", Role: "lead", Until: past}, granted("p", "hal", "guest"), events.MemberDeactivated{Member: "hal"})...).At(noon)
	want := []domain.AccessSummary{
		{User: "chip", Role: "chief", Projects: 2, Full: 2, Broad: 2, Everything: true, BroadInOrganization: true},
		{User: "cleo", Role: "clerk", Projects: 2, Full: 1, Broad: 1},
		{User: "max", Role: "member", Projects: 2},
		{User: "mia", Role: "member", Projects: 1, Full: 1, Broad: 1},
		{User: "olga", Role: "owner", Projects: 2, Full: 2, Broad: 2, Everything: true, BroadInOrganization: true},
	}
	assert.Empty(t, cmp.Diff(want, org.AccessSummaries(always)), "reaches")
	for projects, users := range map[int][]events.UserID{
		0: {"chip", "olga", "cleo", "mia"}, 1: {"chip", "olga", "cleo", "mia"}, 2: {"chip", "olga"}, 3: {"chip", "olga"},
	} {
		var got []events.UserID
		for _, r := range domain.BroadAccess(org.AccessSummaries(always), projects) {
			got = append(got, r.User)
		}
		assert.Empty(t, cmp.Diff(users, got), "broad access to %d projects", projects)
	}
}

func told(holdings iter.Seq[domain.ProjectAccess]) (all []string) {
	for h := range holdings {
		text := fmt.Sprintf("%s %s %s since %s", h.Project, h.User, h.Role, h.Since.Format(time.DateOnly))
		if h.Attested.Version > 0 {
			text += " attested " + h.Attested.At.Format(time.DateOnly)
		}
		all = append(all, text)
	}
	return all
}

func TestProjectAdmins(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staff, created("q"), team("core", ""), entered("core", "hal", "hand"), assigned("core", "q", "lead"), granted("q", "max", "maker"))...).At(noon)
	want := []string{
		"p chip lead since 2026-03-02", "p mia lead since 2026-03-02", "p olga lead since 2026-03-02",
		"q chip lead since 2026-03-02", "q hal lead since 2026-03-02", "q olga lead since 2026-03-02",
	}
	assert.Empty(t, cmp.Diff(want, told(org.ProjectAdmins(everyProject))))
}

func TestMissingHolders(t *testing.T) {
	t.Parallel()
	org := stateAfter(so(staffed(func(s *events.Scheme) {
		projectRole(s, "lead").AtLeast = 4
		organizationRole(s, "owner").AtLeast = 2
	}), created("q"), created("r"), events.ProjectArchived{Project: "r"})...).At(noon)
	want := []domain.MissingHolders{
		{Role: "owner", Held: 1, AtLeast: 2},
		{Project: "p", Role: "lead", Held: 3, AtLeast: 4},
		{Project: "q", Role: "lead", Held: 2, AtLeast: 4},
	}
	assert.Empty(t, cmp.Diff(want, slices.Collect(org.MissingHolders(everyProject))))
	assert.True(t, org.WithoutOwner())

	steps := 0
	few := everyProject
	few.Proceed = func() bool { steps++; return steps < 3 }
	assert.Empty(t, cmp.Diff(want[:1], slices.Collect(org.MissingHolders(few))), "it ends among the people of p, and says nothing of it")
	assert.LessOrEqual(t, steps, 4, "people are steps as well as projects")
}

// TestReportsAreMadeOfAccess holds every report against everybody's access to everything, and
// each rest of it against the whole.
func TestReportsAreMadeOfAccess(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		org := s.after
		if !org.Exists() {
			return
		}
		roles := org.Scheme().ProjectRoles()
		counts, admins, all := map[events.UserID][2]int{}, []string{}, []string{}
		for _, project := range everywhere {
			for _, user := range everybody {
				access := org.Access(user, project)
				if access.Reason != "" {
					continue
				}
				n := counts[user]
				n[0]++
				if !slices.ContainsFunc(org.Scheme().Permissions(), func(p events.Permission) bool {
					held := access.Levels()[p.Key]
					return held != p.Kind.Levels()[len(p.Kind.Levels())-1]
				}) {
					n[1]++
				}
				counts[user] = n
				row := fmt.Sprintf("%s %s %s since %s", project, user, access.Role, access.Since().Format(time.DateOnly))
				all = append(all, row)
				if access.Role == roles[len(roles)-1] {
					admins = append(admins, row)
				}
			}
		}
		for _, summary := range org.AccessSummaries(always) {
			assert.Equal(t, counts[summary.User], [2]int{summary.Projects, summary.Full}, summary.User)
			delete(counts, summary.User)
		}
		assert.Empty(t, counts, "left out of the summaries")
		slices.Sort(admins)
		slices.Sort(all)
		plain := func(rows iter.Seq[domain.ProjectAccess]) []string {
			return told(func(yield func(domain.ProjectAccess) bool) {
				for row := range rows {
					row.Attested = events.Origin{}
					if !yield(row) {
						return
					}
				}
			})
		}
		assert.Empty(t, cmp.Diff(admins, plain(org.ProjectAdmins(everyProject)), cmpopts.EquateEmpty()), "admins")
		whole := org.Unreviewed(noon.AddDate(100, 0, 0), everyProject)
		assert.Empty(t, cmp.Diff(all, plain(whole), cmpopts.EquateEmpty()), "unreviewed")
		i := 0
		for last := range whole {
			if i++; i%5 != 1 {
				continue
			}
			rest := everyProject
			rest.Project, rest.User = last.Project, last.User
			assert.Empty(t, cmp.Diff(all[i:], plain(org.Unreviewed(noon.AddDate(100, 0, 0), rest)), cmpopts.EquateEmpty()), "behind %v", last)
		}
	})
}

// TestUnreviewed has max on p since day 5, and since day 8 through a team as well.
func TestUnreviewed(t *testing.T) {
	t.Parallel()
	began := given(hub, joined("max", "member"), joined("bob", "member"), created("p"), created("q"), granted("p", "max", "read"),
		team("core", ""), assigned("core", "p", "write"), entered("core", "max", "member"), entered("core", "bob", "member"))
	for _, tc := range []struct {
		name  string
		more  []events.Event
		since int
		want  []string
	}{
		{"all that began before", nil, 20, []string{"p bob write since 2026-03-11", "p max write since 2026-03-07"}},
		{"access counts from its oldest source", nil, 9, []string{"p max write since 2026-03-07"}},
		{"at that very moment is not before", nil, 5, nil},
		{"reviewed since", given(events.AccessAttested{Member: "max", Project: "p"}), 10, []string{"p bob write since 2026-03-11"}},
		{"reviewed before", given(events.AccessAttested{Member: "max", Project: "p"}), 11, []string{"p bob write since 2026-03-11", "p max write since 2026-03-07 attested 2026-03-12"}},
		{"reviewed with all else", given(events.AccessAttested{Member: "max"}), 10, []string{"p bob write since 2026-03-11"}},
		{"reviewed elsewhere", given(events.AccessAttested{Member: "max", Project: "q"}), 9, []string{"p max write since 2026-03-07"}},
		{"the newest review counts", given(events.AccessAttested{Member: "max", Project: "p"}, events.AccessAttested{Member: "max"}), 11, []string{"p bob write since 2026-03-11"}},
		{"in either order", given(events.AccessAttested{Member: "max"}, events.AccessAttested{Member: "max", Project: "p"}), 11, []string{"p bob write since 2026-03-11"}},
		{"and each time anew", given(events.AccessAttested{Member: "max"}, events.AccessAttested{Member: "max"}), 11, []string{"p bob write since 2026-03-11"}},
		{"who left has nothing to review", given(events.MemberRemoved{Member: "max"}), 9, nil},
		{"nor has who is suspended", given(events.MemberDeactivated{Member: "max"}), 9, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got := told(history(so(began, tc.more...)...).Unreviewed(day(tc.since), everyProject))
			assert.Empty(t, cmp.Diff(tc.want, got))
		})
	}
}

func TestPendingInvites(t *testing.T) {
	t.Parallel()
	invited := func(id events.InviteID, expires time.Time) events.Event {
		return events.MemberInvited{Invite: id, Role: "member", Address: events.AddressHash(id), Expires: expires}
	}
	org := history(hub, invited("b", time.Time{}), invited("a", day(3)), invited("c", time.Time{}), events.InviteRevoked{Invite: "c"})
	for days, want := range map[int][]events.InviteID{1: nil, 2: {"b"}, 9: {"b", "a"}} {
		assert.Equal(t, want, org.PendingInvites(day(days)), "before day %d", days)
	}
}

// TestReviewsStay holds that a newer review does not reach back into an earlier state.
func TestReviewsStay(t *testing.T) {
	t.Parallel()
	before := history(hub, joined("max", "member"), created("p"), events.AccessAttested{Member: "max", Project: "p"}, events.AccessAttested{Member: "max"})
	after := before.Evolve(events.Recorded{Event: events.AccessAttested{Member: "max", Project: "p"}, Origin: events.Origin{Version: 99, At: noon}})
	was, _ := before.Attested("max", "p")
	is, _ := after.Attested("max", "p")
	assert.EqualValues(t, 5, was.Version, "the version of the first review")
	assert.EqualValues(t, 99, is.Version, "the version of the last review")
}
