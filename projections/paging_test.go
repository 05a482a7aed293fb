package projections

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// crowd is an organization of 60 people who are on project p in all ways, some in
// several.
func crowd(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	batch := domain.Batch{domain.CreateProject{Project: "p", Name: "P"}}
	for _, team := range []events.TeamID{"t0", "t1", "t2"} {
		batch = append(batch, domain.CreateTeam{Team: team, Name: string(team), Parent: map[events.TeamID]events.TeamID{"t2": "t1"}[team]})
	}
	for i := range 60 {
		user := events.UserID(fmt.Sprintf("u%02d", i))
		batch = append(batch, domain.AddMember{Member: user, Name: sealed(fmt.Sprintf("Name %d", i%7)), Role: map[bool]events.RoleKey{true: "admin"}[i%13 == 0]})
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
	h.story("acme", domain.CreateOrganization{Name: "Acme", Scheme: builtInScheme(t, "github"), Owner: "ada"}, batch)
	return h
}

// walk goes through all pages.
func walk[T any](t *rapid.T, limit int, page func(Page) (List[T], error)) []T {
	t.Helper()
	var all []T
	for after := ""; ; {
		found, err := page(Page{Limit: limit, After: after})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found.Items...)
		if found.Next == "" {
			return all
		}
		if len(found.Items) != limit {
			t.Fatalf("a page of %d, not the last, has %d items", limit, len(found.Items))
		}
		after = found.Next
	}
}

// TestPagesHoldEachPersonOnce walks all pages of every filter, whatever their
// size, and finds whom the domain finds, in order.
func TestPagesHoldEachPersonOnce(t *testing.T) {
	t.Parallel()
	h := crowd(t)
	ctx := t.Context()
	org := h.org("acme")
	roles := append(builtInScheme(t, "github").ProjectRoles(), "")
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 25).Draw(t, "limit")
		ask := ProjectMembersQuery{
			Role:   rapid.SampledFrom(roles).Draw(t, "role"),
			Source: rapid.SampledFrom(append(domain.SourceKinds(), "")).Draw(t, "source"),
			Search: rapid.SampledFrom([]string{"", "name 3", "2", "WRITE", "ma"}).Draw(t, "search"),
		}
		few := rapid.SampledFrom([]int{0, 3, 20, 1000}).Draw(t, "few")
		people := walk(t, limit, func(p Page) (List[Person], error) {
			ask.Page = p
			return h.listProjectMembers(ctx, org, "p", ask, few)
		})
		require.True(t, slices.IsSortedFunc(people, func(a, b Person) int { return a.key().compare(b.key()) }), "in order of names")
		require.ElementsMatch(t, onProject(ctx, t, h, org, ask), each(people, func(p Person) events.UserID { return p.User }), "%+v", ask)
	})
}

// onProject asks the domain whom a query should find.
func onProject(ctx context.Context, t *rapid.T, h *house, org domain.Organization, ask ProjectMembersQuery) []events.UserID {
	t.Helper()
	var want []events.UserID
	for user := range org.PeopleOnProject("p") {
		access := org.Access(user, "p")
		held := slices.ContainsFunc(access.Sources, func(s domain.Source) bool { return s.Kind == ask.Source })
		if ask.Role != "" && access.Role != ask.Role || ask.Source != "" && !held {
			continue
		}
		if ask.Search != "" && !strings.Contains(string(access.Role), strings.ToLower(ask.Search)) {
			found, err := h.ListMembers(ctx, org, MembersQuery{Search: ask.Search, Page: Page{Limit: maxLimit}})
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
	h := crowd(t)
	ctx := t.Context()
	for i := range 7 {
		h.by(events.System, "acme", domain.CreateProject{Project: events.ProjectID(fmt.Sprint("more", i)), Name: fmt.Sprint("More ", i%3)})
		h.by(events.System, "acme", domain.InviteMember{Invite: events.InviteID(fmt.Sprint("i", i)), Address: events.AddressHash(strconv.Itoa(i))})
		h.by(events.System, events.OrganizationID(fmt.Sprint("org", i)), domain.CreateOrganization{Name: "O", Scheme: builtInScheme(t, "github"), Owner: "ada"})
	}
	h.settle()
	audited := h.count(`SELECT count(*) FROM audit WHERE org_id = 'acme'`)
	org := h.org("acme")
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(1, 9).Draw(t, "limit")
		check := func(what string, got []string, want int) {
			t.Helper()
			slices.Sort(got)
			if all := len(got); all != want || len(slices.Compact(got)) != want {
				t.Errorf("%s: %d rows, want %d different ones", what, all, want)
			}
		}
		id := func(p Person) string { return string(p.User) }
		check("members", each(walk(t, limit, func(p Page) (List[Person], error) {
			return h.ListMembers(ctx, org, MembersQuery{Page: p})
		}), id), 61)
		check("projects", each(walk(t, limit, func(p Page) (List[events.ProjectID], error) {
			return h.ListProjects(ctx, org, ProjectFilter{Page: p})
		}), plain), 8)
		check("projects of an admin", each(walk(t, limit, func(p Page) (List[events.ProjectID], error) {
			return h.ListProjects(ctx, org, ProjectFilter{Of: "u13", Page: p})
		}), plain), 8)
		check("teams", each(walk(t, limit, func(p Page) (List[events.TeamID], error) {
			return h.ListTeams(ctx, org, TeamFilter{Page: p})
		}), plain), 3)
		check("team members", each(walk(t, limit, func(p Page) (List[Person], error) {
			return h.ListTeamMembers(ctx, org, "t0", p)
		}), id), 30)
		check("candidates", each(walk(t, limit, func(p Page) (List[Person], error) {
			return h.ListCandidates(ctx, org, "more0", CandidatesQuery{Page: p})
		}), id), 55)
		check("teams of a project", each(walk(t, limit, func(p Page) (List[events.TeamID], error) {
			return h.ListProjectTeams(ctx, org, "p", ProjectTeamFilter{Page: p})
		}), plain), 2)
		check("invites", each(walk(t, limit, func(p Page) (List[InviteAddress], error) {
			return h.ListInvites(ctx, org, p)
		}), func(i InviteAddress) string { return string(i.ID) }), 7)
		check("organizations", each(walk(t, limit, func(p Page) (List[Organization], error) {
			return h.Organizations(ctx, "ada", p)
		}), func(o Organization) string { return string(o.ID) }), 8)
		check("audit", each(walk(t, 40+limit, func(p Page) (List[AuditEvent], error) {
			return h.Audit(ctx, "acme", AuditQuery{Page: p, OldestFirst: limit%2 == 0})
		}), func(e AuditEvent) string { return e.ID }), audited)
	})
}

func each[T, V any](all []T, of func(T) V) []V {
	values := make([]V, len(all))
	for i := range all {
		values[i] = of(all[i])
	}
	return values
}

// count asks the database for a number.
func (h *house) count(sql string) int {
	h.t.Helper()
	var n int
	if err := h.pool.QueryRow(h.t.Context(), sql).Scan(&n); err != nil {
		h.t.Fatal(err)
	}
	return n
}

func plain[ID ~string](id ID) string { return string(id) }
