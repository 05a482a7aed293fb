package projections

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// crowd is an organization of 60 people who are on project p in all ways, some in
// several.
func crowd(t *testing.T) *fixture {
	t.Helper()
	f := newFixture(t)
	batch := domain.Batch{domain.CreateProject{Project: "p", Name: "P"}}
	for _, team := range []events.TeamID{"t0", "t1", "t2"} {
		batch = append(batch, domain.CreateTeam{Team: team, Name: string(team), Parent: map[events.TeamID]events.TeamID{"t2": "t1"}[team]})
	}
	for i := range 60 {
		user := events.UserID(fmt.Sprintf("u%02d", i))
		batch = append(batch, domain.AddMember{Member: user, PersonalData: domain.PersonalData{Name: sealed(fmt.Sprintf("Name %d", i%7))}, Role: map[bool]events.RoleKey{true: "admin"}[i%13 == 0]})
		if i%3 == 0 {
			batch = append(batch, domain.AddProjectMember{Project: "p", Member: user, Role: []events.RoleKey{"read", "write", "admin"}[i%9/3]})
		}
		for j := range 3 {
			if i%(j+2) == 0 {
				batch = append(batch, domain.AddTeamMember{Team: events.TeamID(fmt.Sprintf("t%d", j)), Member: user})
			}
		}
	}
	batch = append(batch, domain.AssignTeam{Team: "t0", Project: "p", Role: "triage"}, domain.AssignTeam{Team: "t1", Project: "p", Role: "maintain"})
	f.give("acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"}, batch)
	return f
}

// walk goes through all pages.
func walk[T any](t *rapid.T, limit int, page func(Page) (List[T], error)) []T {
	t.Helper()
	var all []T
	for after := ""; ; {
		found, err := page(Page{Limit: limit, After: after})
		require.NoError(t, err)
		all = append(all, found.Items...)
		if found.Next == "" {
			return all
		}
		require.Len(t, found.Items, limit, "a page that is not the last")
		after = found.Next
	}
}

// TestPagesHoldEachPersonOnce walks all pages of every filter, whatever their
// size, and finds whom the domain finds, in order.
func TestPagesHoldEachPersonOnce(t *testing.T) {
	t.Parallel()
	f := crowd(t)
	ctx := t.Context()
	org := f.org("acme")
	roles := append(builtInScheme(t, "github").ProjectRoles(), "")
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 25).Draw(t, "limit")
		ask := ProjectMemberFilter{
			Role:   rapid.SampledFrom(roles).Draw(t, "role"),
			Source: rapid.SampledFrom(append(domain.SourceKinds(), "")).Draw(t, "source"),
			Search: rapid.SampledFrom([]string{"", "name 3", "2", "WRITE", "ma"}).Draw(t, "search"),
		}
		few := rapid.SampledFrom([]int{0, 3, 20, 1000}).Draw(t, "few")
		merged := rapid.SampledFrom([]int{0, mergedTeams}).Draw(t, "merged")
		people := walk(t, limit, func(p Page) (List[Person], error) {
			ask.Page = p
			return f.listProjectMembers(ctx, org, "p", ask, few, merged)
		})
		require.True(t, slices.IsSortedFunc(people, func(a, b Person) int { return a.key().compare(b.key()) }), "in order of names")
		require.ElementsMatch(t, onProject(ctx, t, f, org, ask), each(people, func(p Person) events.UserID { return p.User }), "%+v", ask)
	})
}

// onProject asks the domain whom a query should find.
func onProject(ctx context.Context, t *rapid.T, f *fixture, org domain.Organization, ask ProjectMemberFilter) []events.UserID {
	t.Helper()
	var want []events.UserID
	for user := range org.PeopleOnProject("p") {
		access := org.Access(user, "p")
		held := slices.ContainsFunc(access.Sources, func(s domain.Source) bool { return s.Kind == ask.Source })
		if ask.Role != "" && access.Role != ask.Role || ask.Source != "" && !held {
			continue
		}
		if ask.Search != "" && !strings.Contains(string(access.Role), strings.ToLower(ask.Search)) {
			found, err := f.ListMembers(ctx, org, MemberFilter{Search: ask.Search, Page: Page{Limit: maxLimit}})
			require.NoError(t, err)
			if !slices.ContainsFunc(found.Items, func(m Person) bool { return m.User == user }) {
				continue
			}
		}
		want = append(want, user)
	}
	slices.Sort(want)
	return want
}

func TestOtherPagesHoldEachRowOnce(t *testing.T) {
	t.Parallel()
	f := crowd(t)
	ctx := t.Context()
	for i := range 7 {
		f.by(events.System, "acme", domain.CreateProject{Project: events.ProjectID(fmt.Sprint("more", i)), Name: fmt.Sprint("More ", i%3)})
		f.by(events.System, "acme", domain.InviteMember{Invite: events.InviteID(fmt.Sprint("i", i)), Address: events.AddressHash(strconv.Itoa(i))})
		f.by(events.System, events.OrganizationID(fmt.Sprint("org", i)), domain.CreateOrganization{Name: "O", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	}
	f.caughtUp()
	audited := f.count(`SELECT count(*) FROM audit WHERE org_id = 'acme'`)
	org, state := f.org("acme"), f.desk.View().State
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 9).Draw(t, "limit")
		check := func(what string, got []string, want int) {
			t.Helper()
			assert.Len(t, got, want, what)
			slices.Sort(got)
			assert.Len(t, slices.Compact(got), want, "different %s", what)
		}
		id := func(p Person) string { return string(p.User) }
		check("members", each(walk(t, limit, func(p Page) (List[Person], error) {
			return f.ListMembers(ctx, org, MemberFilter{Page: p})
		}), id), 61)
		check("projects", each(walk(t, limit, func(p Page) (List[events.ProjectID], error) {
			return f.ListProjects(ctx, org, ProjectFilter{Page: p})
		}), plain), 8)
		check("projects of an admin", each(walk(t, limit, func(p Page) (List[events.ProjectID], error) {
			return f.ListProjects(ctx, org, ProjectFilter{Of: "u13", Page: p})
		}), plain), 8)
		check("teams", each(walk(t, limit, func(p Page) (List[events.TeamID], error) {
			return f.ListTeams(ctx, org, TeamFilter{Page: p})
		}), plain), 3)
		check("team members", each(walk(t, limit, func(p Page) (List[Person], error) {
			return f.ListTeamMembers(ctx, org, "t0", p)
		}), id), 30)
		check("candidates", each(walk(t, limit, func(p Page) (List[Person], error) {
			return f.ListCandidates(ctx, org, "more0", CandidateFilter{Page: p})
		}), id), 55)
		check("teams of a project", each(walk(t, limit, func(p Page) (List[events.TeamID], error) {
			return f.ListProjectTeams(ctx, org, "p", ProjectTeamFilter{Page: p})
		}), plain), 2)
		check("invites", each(walk(t, limit, func(p Page) (List[InviteAddress], error) {
			return f.ListInvites(ctx, org, InviteFilter{}, p)
		}), func(i InviteAddress) string { return string(i.ID) }), 7)
		check("organizations", each(walk(t, limit, func(p Page) (List[events.OrganizationID], error) {
			return f.ListOrganizations(ctx, state, time.Now(), OrganizationFilter{Of: "ada"}, p)
		}), plain), 8)
		check("audit", each(walk(t, 40+limit, func(p Page) (List[AuditEvent], error) {
			return f.Audit(ctx, "acme", AuditFilter{Page: p, OldestFirst: limit%2 == 0})
		}), func(e AuditEvent) string { return e.ID }), audited)
	})
}

func TestCursorsThatNoPageGave(t *testing.T) {
	t.Parallel()
	f := unprojected(t)
	for _, after := range []string{"?", "bm9uc2Vuc2U", cursor("one"), cursor("one", 2)} {
		_, err := f.ListMembers(t.Context(), f.org("acme"), MemberFilter{Page: Page{After: after}})
		assert.ErrorIs(t, err, ErrBadCursor, "%q", after)
	}
}

func each[T, V any](all []T, of func(T) V) []V {
	values := make([]V, len(all))
	for i := range all {
		values[i] = of(all[i])
	}
	return values
}

// count asks the database for a number.
func (f *fixture) count(sql string) int {
	f.t.Helper()
	var n int
	require.NoError(f.t, f.pool.QueryRow(f.t.Context(), sql).Scan(&n))
	return n
}

func plain[ID ~string](id ID) string { return string(id) }
