package projections

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestReadModelsAgreeWithTheDomain plays random histories, an organization each,
// and holds what SQL says against what the domain says.
func TestReadModelsAgreeWithTheDomain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	schemes := everyScheme(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		org := events.OrganizationID(fmt.Sprint("org-", n))
		rules := rapid.SampledFrom(schemes).Draw(t, "scheme")
		then := longAgo
		give := func(by events.UserID, c domain.Command) {
			when := h.org(org).Last()
			if by == events.System {
				then = then.Add(time.Minute) // others state no time
				when = then
			}
			_, _ = h.tryAt(by, org, c, when) // what is refused changes nothing
		}
		for _, c := range beginning(rules) {
			give(events.System, c)
		}
		for turn, seed := range rapid.SliceOfN(rapid.Uint64(), 80, 160).Draw(t, "commands") {
			chance := rand.New(rand.NewPCG(seed, uint64(turn)))
			if s := h.org(org).Scheme(); s != nil {
				rules = s
			}
			c := anyCommand(chance, rules, schemes)
			give(oneOf(chance, actors), c)
			if _, ended := c.(domain.DeleteOrganization); ended {
				for _, c := range beginning(oneOf(chance, schemes)) {
					give(events.System, c)
				}
			}
		}
		h.settle()
		// Before and after what the clock of the database says, as well as now.
		instant := rapid.SampledFrom([]time.Time{longAgo, time.Now(), longAgo.AddDate(950, 0, 0)}).Draw(t, "instant")
		h.compare(t, h.org(org).At(instant))
		h.compareLists(t, h.org(org).At(instant))
	})
	before := h.dump(t)

	late := &house{t: t, ledger: h.ledger, desk: h.desk, logs: new(lines)}
	late.Database = open(t, pgtest.New(t), late.logs)
	late.project()
	late.settle()
	if diff := cmp.Diff(before, late.dump(t)); diff != "" {
		t.Errorf("written a thousand events at a time, the tables differ (-few +many):\n%s", diff)
	}

	if err := h.Rebuild(t.Context(), h.ledger, nil); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, h.dump(t)); diff != "" {
		t.Errorf("rebuilt, the tables differ (-before +after):\n%s", diff)
	}
}

// checker is what a property and a test have in common.
type checker interface {
	Helper()
	Errorf(format string, args ...any)
	Fatal(args ...any)
}

// compare holds one organization in the read models against the state in memory, at an
// instant that may be far from what the clock of the database says.
func (h *house) compare(t checker, org domain.Organization) {
	t.Helper()
	ctx := h.t.Context()
	id := org.ID()
	want := stateOf(org)
	state, err := h.State(ctx, id, org.Instant())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, state); diff != "" {
		t.Errorf("state (-domain +database):\n%s", diff)
	}
	rows, err := h.pool.Query(ctx, `SELECT user_id, project_id, role, sources, permissions FROM effective_access_at($2) WHERE org_id = $1`, id, org.Instant()) //nolint:rowserrcheck // ForEachRow does
	if err != nil {
		t.Fatal(err)
	}
	view := map[events.UserID]map[events.ProjectID]events.RoleKey{}
	var user events.UserID
	var project events.ProjectID
	var role events.RoleKey
	var sources int
	var levels events.Levels
	_, err = pgx.ForEachRow(rows, []any{&user, &project, &role, &sources, &levels}, func() error {
		put(view, user, project, role)
		should := org.Access(user, project)
		if n := len(should.Sources); n != sources {
			t.Errorf("view: %s has %d sources on %s, the domain says %d", user, sources, project, n)
		}
		if diff := cmp.Diff(should.Levels(), levels); diff != "" {
			t.Errorf("permissions of %s on %s (-domain +view):\n%s", user, project, diff)
		}
		levels = nil
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want.Access, view); diff != "" {
		t.Errorf("effective_access (-domain +view):\n%s", diff)
	}
}

// compareLists holds the lists of one organization against the state in memory.
func (h *house) compareLists(t checker, org domain.Organization) {
	t.Helper()
	ctx := h.t.Context()
	id := org.ID()
	if !org.Exists() {
		return
	}
	for _, status := range []Status{"", Active, Deactivated, Ended} {
		members, err := h.ListMembers(ctx, org, MembersQuery{Status: status})
		if err != nil {
			t.Fatal(err)
		}
		var want []events.UserID
		for user := range org.Members() {
			if status == "" || statusOf(org, user) == status {
				want = append(want, user)
			}
		}
		got := each(members.Items, func(p Person) events.UserID { return p.User })
		slices.Sort(got)
		slices.Sort(want)
		if !slices.Equal(got, want) {
			t.Errorf("members who are %q: the domain says %v, the list %v", status, want, got)
		}
	}
	counts, err := h.CountProjects(ctx, id, places)
	if err != nil {
		t.Fatal(err)
	}
	for project, p := range org.Projects() {
		h.comparePeople(t, org, project)
		want := ProjectCounts{}
		for user := range org.Members() {
			access := org.Access(user, project)
			if len(access.Sources) == 0 {
				continue
			}
			want.People++
			if kind := access.Sources[0].Kind; kind == domain.Direct || kind == domain.Creator {
				want.Direct++
			}
		}
		for a := range p.Assignments() {
			if a.Until.IsZero() || a.Until.After(org.Instant()) {
				want.Teams++
			}
		}
		if now := time.Since(org.Instant()).Abs() < time.Hour; now && counts[project] != want {
			t.Errorf("%s has %+v, the domain says %+v", project, counts[project], want)
		}
	}
}

// comparePeople holds who is on a project, who would be, and who could be.
func (h *house) comparePeople(t checker, org domain.Organization, project events.ProjectID) {
	t.Helper()
	ctx := h.t.Context()
	var on, off, free []events.UserID
	for user := range org.Members() {
		switch statusOf(org, user) {
		case Active:
			if org.Access(user, project).Role != "" {
				on = append(on, user)
			} else {
				free = append(free, user)
			}
		case Deactivated, Ended:
		}
	}
	for user := range org.PeopleOnProject(project) {
		if !slices.Contains(on, user) && len(org.AllSources(user, project)) > 0 {
			off = append(off, user)
		}
	}
	people := func(inactive bool) (users []events.UserID) {
		found, err := h.ListProjectMembers(ctx, org, project, ProjectMembersQuery{Inactive: inactive})
		if err != nil {
			t.Fatal(err)
		}
		return each(found.Items, func(p Person) events.UserID { return p.User })
	}
	could, err := h.ListCandidates(ctx, org, project, CandidatesQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for what, both := range map[string][2][]events.UserID{
		"on it": {on, people(false)}, "inactive": {off, people(true)},
		"candidates": {free, each(could.Items, func(c Person) events.UserID { return c.User })},
	} {
		slices.Sort(both[0])
		slices.Sort(both[1])
		if !slices.Equal(both[0], both[1]) {
			t.Errorf("%s, %s: the domain says %v, the list %v", project, what, both[0], both[1])
		}
	}
}

// statusOf asks the domain why somebody is not active.
func statusOf(org domain.Organization, user events.UserID) Status {
	switch org.InOrganization(user).Reason {
	case domain.Deactivated:
		return Deactivated
	case domain.MembershipEnded:
		return Ended
	default:
		return Active
	}
}

func put(access map[events.UserID]map[events.ProjectID]events.RoleKey, user events.UserID, project events.ProjectID, role events.RoleKey) {
	if access[user] == nil {
		access[user] = map[events.ProjectID]events.RoleKey{}
	}
	access[user][project] = role
}

// stateOf says of the state in memory what State says of the read models.
func stateOf(o domain.Organization) State {
	s := State{
		Members: map[events.UserID]events.RoleKey{}, Projects: map[events.ProjectID]string{},
		Teams: map[events.TeamID]TeamState{}, Access: map[events.UserID]map[events.ProjectID]events.RoleKey{},
	}
	for user, m := range o.Members() {
		s.Members[user] = m.Role
		for project := range o.Projects() {
			if role := o.Access(user, project).Role; role != "" {
				put(s.Access, user, project, role)
			}
		}
	}
	for id, p := range o.Projects() {
		s.Projects[id] = p.Name
	}
	for id, team := range o.Teams() {
		t := TeamState{
			Name: team.Name, Description: team.Description, Privacy: team.Privacy, Parent: team.Parent,
			Members: map[events.UserID]events.RoleKey{}, Projects: map[events.ProjectID]events.RoleKey{},
		}
		for user, m := range team.Members() {
			t.Members[user] = m.Role
		}
		for project, a := range team.Projects() {
			t.Projects[project] = a.Role
		}
		s.Teams[id] = t
	}
	return s
}

// dump reads every table in order.
func (h *house) dump(t testing.TB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range []string{
		"checkpoint", "organization", "scheme_role", "scheme_permission", "member", "project", "project_member", "project_override",
		"team", "team_member", "project_team", "invite", "audit",
	} {
		rows, err := h.pool.Query(t.Context(), `SELECT t::text FROM `+name+` t ORDER BY 1`)
		if err != nil {
			t.Fatal(err)
		}
		if all[name], err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			t.Fatal(err)
		}
	}
	return all
}
