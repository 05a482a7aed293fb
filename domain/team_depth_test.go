package domain_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// chain is teams of which each but the first stands below the one before it.
func chain(levels int) []events.Event {
	happened := make([]events.Event, levels)
	for i := range happened {
		parent := events.TeamID("")
		if i > 0 {
			parent = chained(i)
		}
		happened[i] = team(chained(i+1), parent)
	}
	return happened
}

// chained is the id of the team of a chain that stands at a level.
func chained(level int) events.TeamID { return events.TeamID(fmt.Sprintf("t-%04d", level)) }

func TestTeamDepth(t *testing.T) {
	t.Parallel()
	shallow := hub
	shallow.Scheme.Teams.MaxDepth = 3
	admin := joined("ada", "admin")
	inScheme := func(organization events.OrganizationCreated, levels int, more ...events.Event) []events.Event {
		return slices.Concat(given(organization, admin), chain(levels), more)
	}
	beside := team("beside", "")
	branch := []events.Event{team("branch", ""), team("twig", "branch")}
	checkRules(t, []rule{
		{name: "32 levels can be created", given: inScheme(hub, 31), when: domain.CreateTeam{Team: "x", Name: "x", Parent: chained(31)}, by: "ada", then: then(team("x", chained(31)))},
		{name: "a 33rd level is refused", given: inScheme(hub, 32), when: domain.CreateTeam{Team: "x", Name: "x", Parent: chained(32)}, by: "ada", err: domain.ErrTeamTooDeep},
		{name: "the system is refused, too", given: inScheme(hub, 32), when: domain.CreateTeam{Team: "x", Name: "x", Parent: chained(32)}, by: events.System, err: domain.ErrTeamTooDeep},
		{name: "a scheme that allows 3 levels", given: inScheme(shallow, 2), when: domain.CreateTeam{Team: "x", Name: "x", Parent: chained(2)}, by: "ada", then: then(team("x", chained(2)))},
		{name: "a scheme that allows 3 levels refuses the 4th", given: inScheme(shallow, 3), when: domain.CreateTeam{Team: "x", Name: "x", Parent: chained(3)}, by: "ada", err: domain.ErrTeamTooDeep},
		{name: "a team with none below it moves to the last level", given: inScheme(shallow, 2, beside), when: domain.MoveTeam{Team: "beside", To: chained(2)}, by: "ada", then: then(events.TeamMoved{Team: "beside", To: chained(2)})},
		{name: "what stands below a moved team counts", given: inScheme(shallow, 2, branch...), when: domain.MoveTeam{Team: "branch", To: chained(2)}, by: "ada", err: domain.ErrTeamTooDeep},
		{name: "what stood too deep before moves up", given: inScheme(shallow, 9), when: domain.MoveTeam{Team: chained(5), To: chained(3)}, by: "ada", then: then(events.TeamMoved{Team: chained(5), From: chained(4), To: chained(3)})},
		{name: "and to another parent of the same level", given: inScheme(shallow, 9, branch...), when: domain.MoveTeam{Team: chained(3), To: "twig"}, by: "ada", then: then(events.TeamMoved{Team: chained(3), From: chained(2), To: "twig"})},
		{name: "but no deeper", given: inScheme(shallow, 9, beside), when: domain.MoveTeam{Team: "beside", To: chained(3)}, by: "ada", err: domain.ErrTeamTooDeep},
		{
			name: "a history states facts", given: inScheme(shallow, 3), by: events.System,
			when: domain.ImportHistory{Source: "old", Through: 1, Commands: domain.Batch{domain.CreateTeam{Team: "x", Name: "x", Parent: chained(3)}}},
			then: then(team("x", chained(3)), events.HistoryImported{Source: "old", Through: 1}),
		},
		{name: "a declaration is refused what is too deep", given: inScheme(shallow, 1), when: domain.Declaration{Teams: declaredChain("t-0001", "b", "c", "d")}, by: "ada", err: domain.ErrTeamTooDeep},
		{
			name: "a declaration counts the levels that it leads to", given: inScheme(shallow, 3, beside), by: "ada",
			when: domain.Declaration{Teams: append(declaredChain("beside", "t-0001"), domain.DeclaredTeam{Name: "t-0002"}, domain.DeclaredTeam{Name: "t-0003", Parent: "t-0001"})},
			then: then(events.TeamMoved{Team: "t-0002", From: "t-0001"}, events.TeamMoved{Team: "t-0001", To: "beside"}, events.TeamMoved{Team: "t-0003", From: "t-0002", To: "t-0001"}),
		},
	})
}

// declaredChain declares teams of which each but the first stands below the one before it.
func declaredChain(names ...string) []domain.DeclaredTeam {
	declared := make([]domain.DeclaredTeam, len(names))
	for i, name := range names {
		declared[i] = domain.DeclaredTeam{Team: events.TeamID(name), Name: name}
		if i > 0 {
			declared[i].Parent = names[i-1]
		}
	}
	return declared
}

// TestRefusalOfDepthNamesTheRule is about the text that people see.
func TestRefusalOfDepthNamesTheRule(t *testing.T) {
	t.Parallel()
	org := stateAfter(slices.Concat(given(hub, joined("ada", "admin")), chain(32))...)
	_, err := domain.CreateTeam{Team: "x", Name: "x", Parent: chained(32)}.Decide(org, at("ada"))
	assert.EqualError(t, err, "This would make 33 levels of teams; the organization's scheme allows 32 (teams.max_depth). Choose a parent further up.")
}

// TestDeepTeamsWeighLittle assigns teams that nest 1,000 deep, as old ledgers may have them, by
// one bulk of 1,000 commands. What it bounds is memory, since time depends on the machine. It is
// not parallel: memory is counted for the whole process.
func TestDeepTeamsWeighLittle(t *testing.T) { //nolint:paralleltest // see above
	const levels = 1000
	happened := slices.Concat(given(hub, joined("ada", "admin"), joined("zoe", "member")), chain(levels), []events.Event{entered(chained(levels), "zoe", "member")})
	for i := range domain.MaxItems {
		happened = append(happened, created(projectID(i)))
	}
	before := domain.Roster{}.Evolve(events.Entry{Organization: "acme", Version: 1, At: noon, Events: happened})
	for _, test := range []struct {
		name string
		item func(i int) domain.Command
		on   events.ProjectID
	}{
		{"the team at the top on 1,000 projects", func(i int) domain.Command {
			return domain.AssignTeam{Team: chained(1), Project: projectID(i), Role: "read"}
		}, projectID(999)},
		{"1,000 teams on one project", func(i int) domain.Command {
			return domain.AssignTeam{Team: chained(i + 1), Project: projectID(0), Role: "read"}
		}, projectID(0)},
	} {
		t.Run(test.name, func(t *testing.T) {
			bulk := make(domain.Batch, domain.MaxItems)
			for i := range bulk {
				bulk[i] = test.item(i)
			}
			var was, is runtime.MemStats
			runtime.ReadMemStats(&was)
			decided, err := before.Decide("acme", bulk, at("ada"), always)
			require.NoError(t, err)
			require.Len(t, decided, domain.MaxItems)
			after := before.Evolve(events.Entry{Organization: "acme", Version: 2, At: noon, Events: decided})
			runtime.ReadMemStats(&is)
			assert.Less(t, (is.TotalAlloc-was.TotalAlloc)/1e6, uint64(400), "MB allocated to decide and apply")
			assert.Equal(t, events.RoleKey("read"), after.Organization("acme").Access("zoe", test.on).Role)
			assert.Equal(t, 2, after.Organization("acme").CountOnProject(test.on).People)
			runtime.GC()
			runtime.ReadMemStats(&is)
			assert.Less(t, int64(is.HeapAlloc-was.HeapAlloc)/1e6, int64(20), "MB that the state takes")
			runtime.KeepAlive(after)
		})
	}
}
