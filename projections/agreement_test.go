package projections

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestReadModelsAgreeWithTheDomain plays random histories, an organization each,
// and holds what SQL says against what the domain says.
func TestReadModelsAgreeWithTheDomain(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	schemes := everyScheme(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		org := events.OrganizationID(fmt.Sprint("org-", n))
		rules := rapid.SampledFrom(schemes).Draw(t, "scheme")
		then := longAgo
		give := func(by events.UserID, c domain.Command) {
			when := f.org(org).Last()
			if by == events.System {
				then = then.Add(time.Minute) // others state no time
				when = then
			}
			_, _ = f.tryAt(by, org, c, when) // what is refused changes nothing
		}
		for _, c := range beginning(rules) {
			give(events.System, c)
		}
		for turn, seed := range rapid.SliceOfN(rapid.Uint64(), 80, 160).Draw(t, "commands") {
			chance := rand.New(rand.NewPCG(seed, uint64(turn)))
			if s := f.org(org).Scheme(); s != nil {
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
		// Before and after what the clock of the database says, as well as now, and around each start and end.
		instants := []time.Time{longAgo, time.Now(), longAgo.AddDate(950, 0, 0)}
		for _, at := range slices.Concat(starts, ends) {
			if !at.IsZero() {
				instants = append(instants, at.Add(-time.Microsecond), at, at.Add(time.Microsecond))
			}
		}
		if rapid.Bool().Draw(t, "starts and ends are recorded") {
			passed := domain.RecordPassed{Of: slices.Collect(maps.Keys(maps.Collect(f.org(org).Boundaries())))}
			recorded := time.Now()
			_, err := f.tryAt(events.System, org, passed, recorded)
			require.NoError(t, err)
			// What is recorded to have passed has, whatever the clock says.
			instants = slices.DeleteFunc(instants, func(at time.Time) bool { return at.Before(recorded) })
		}
		f.caughtUp()
		instant := rapid.SampledFrom(instants).Draw(t, "instant")
		f.compare(t, f.org(org).At(instant))
		f.compareLists(t, f.org(org).At(instant))
	})
	before := f.dump(t)

	late := &fixture{t: t, ledger: f.ledger, desk: f.desk, logs: new(lines)}
	late.Database = open(t, pgtest.New(t), late.logs)
	late.project()
	late.caughtUp()
	assert.Empty(t, cmp.Diff(before, late.dump(t)), "tables written a thousand events at a time (-few +many)")

	require.NoError(t, f.Rebuild(t.Context(), f.ledger, nil))
	assert.Empty(t, cmp.Diff(before, f.dump(t)), "tables rebuilt (-before +after)")
}

// checker is what a property and a test have in common.
type checker interface {
	require.TestingT
	Helper()
}

// compare holds one organization in the read models against the state in memory, at an
// instant that may be far from what the clock of the database says.
func (f *fixture) compare(t checker, org domain.Organization) {
	t.Helper()
	ctx := f.t.Context()
	id := org.ID()
	want := stateOf(org)
	state, err := f.State(ctx, id, org.Instant())
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(want, state), "state (-domain +database)")
	rows, err := f.pool.Query(ctx, `SELECT user_id, project_id, role, sources, permissions FROM effective_access_at($2) WHERE org_id = $1`, id, org.Instant()) //nolint:rowserrcheck // ForEachRow does
	require.NoError(t, err)
	view := map[events.UserID]map[events.ProjectID]events.RoleKey{}
	var user events.UserID
	var project events.ProjectID
	var role events.RoleKey
	var sources int
	var levels events.Levels
	_, err = pgx.ForEachRow(rows, []any{&user, &project, &role, &sources, &levels}, func() error {
		put(view, user, project, role)
		should := org.Access(user, project)
		assert.Len(t, should.Sources, sources, "sources of %s on %s in the view", user, project)
		assert.Empty(t, cmp.Diff(should.Levels(), levels), "permissions of %s on %s (-domain +view)", user, project)
		levels = nil
		return nil
	})
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(want.Access, view), "effective_access (-domain +view)")
}

// compareLists holds the lists of one organization against the state in memory.
func (f *fixture) compareLists(t checker, org domain.Organization) {
	t.Helper()
	ctx := f.t.Context()
	if !org.Exists() {
		return
	}
	for _, status := range []Status{"", Active, Deactivated, NotStarted, Ended} {
		members, err := f.ListMembers(ctx, org, MemberFilter{Status: status})
		require.NoError(t, err)
		var want []events.UserID
		for user := range org.Members() {
			if status == "" || statusOf(org, user) == status {
				want = append(want, user)
			}
		}
		assert.ElementsMatch(t, want, each(members.Items, userOf), "members who are %q", status)
	}
	for project := range org.Projects() {
		f.comparePeople(t, org, project)
	}
}

// comparePeople holds who is on a project, who would be, and who could be.
func (f *fixture) comparePeople(t checker, org domain.Organization, project events.ProjectID) {
	t.Helper()
	ctx := f.t.Context()
	var on, off, free []events.UserID
	for user := range org.Members() {
		switch statusOf(org, user) {
		case Active:
			access := org.Access(user, project)
			if access.Role != "" {
				on = append(on, user)
			}
			member, _ := org.Member(user)
			grant, granted := member.Grant(project)
			if there := granted && (grant.Until().IsZero() || grant.Until().After(org.Instant())); !there && !slices.ContainsFunc(access.Sources, func(s domain.Source) bool { return s.Kind != domain.ThroughTeam }) {
				free = append(free, user)
			}
		case Deactivated, NotStarted, Ended:
		}
	}
	for user := range org.PeopleOnProject(project) {
		if !slices.Contains(on, user) && len(org.AllSources(user, project)) > 0 {
			off = append(off, user)
		}
	}
	people := func(inactive bool) (users []events.UserID) {
		found, err := f.ListProjectMembers(ctx, org, project, ProjectMemberFilter{Inactive: inactive})
		require.NoError(t, err)
		return each(found.Items, userOf)
	}
	could, err := f.ListCandidates(ctx, org, project, CandidateFilter{})
	require.NoError(t, err)
	for what, both := range map[string][2][]events.UserID{
		"on it": {on, people(false)}, "inactive": {off, people(true)},
		"candidates": {free, each(could.Items, userOf)},
	} {
		assert.ElementsMatch(t, both[0], both[1], "%s, %s", project, what)
	}
}

// statusOf asks the domain why somebody is not active.
func statusOf(org domain.Organization, user events.UserID) Status {
	switch org.InOrganization(user).Reason {
	case domain.Deactivated:
		return Deactivated
	case domain.MembershipNotStarted:
		return NotStarted
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
func (f *fixture) dump(t testing.TB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, name := range []string{
		"checkpoint", "organization", "scheme_role", "scheme_permission", "member", "project", "project_member", "project_override",
		"team", "team_ancestor", "team_member", "project_team", "invite", "access_request", "elevation", "email_domain", "audit",
	} {
		rows, err := f.pool.Query(t.Context(), `SELECT t::text FROM `+name+` t ORDER BY 1`)
		require.NoError(t, err)
		all[name], err = pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
	}
	return all
}
