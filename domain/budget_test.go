package domain_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// heldCrowd is a crowd whose projects must each keep somebody who is write or higher.
func heldCrowd() domain.Roster {
	held := hub.Scheme
	held.ProjectRoles = slices.Clone(held.ProjectRoles)
	for i := range held.ProjectRoles {
		if held.ProjectRoles[i].Key == "write" {
			held.ProjectRoles[i].AtLeast = 1
		}
	}
	crowded := build(crowd())
	version, _ := crowded.Last("acme")
	return crowded.Evolve(events.Entry{Organization: "acme", Version: version + 1, At: noon, Events: events.Facts{events.SchemeChanged{Scheme: held}}})
}

// batchOf makes a batch of the items that a function makes.
func batchOf(n int, item func(i int) domain.Command) domain.Batch {
	batch := make(domain.Batch, n)
	for i := range batch {
		batch[i] = item(i)
	}
	return batch
}

func TestBudget(t *testing.T) {
	t.Parallel()
	roster := heldCrowd()
	next := roster.Organization("acme").Scheme().Scheme
	next.Label = "Next"
	addToCrew := func(i int) domain.Command {
		return domain.AddTeamMember{Team: "crew", Member: userID(10_000 + i)}
	}
	for _, test := range []struct {
		name string
		when domain.Command
		err  error
	}{
		{"one person is added to a team on 200 projects", addToCrew(0), nil},
		{"400 people are added at once", batchOf(400, addToCrew), nil},
		{"1,000 people at once cost too much", batchOf(1000, addToCrew), domain.ErrOverBudget},
		{"so does a history", domain.ImportHistory{Source: "old", Through: 1, Commands: batchOf(1000, func(i int) domain.Command {
			return batchOf(50, func(j int) domain.Command {
				return domain.CreateTeam{Team: teamID(50*i + j), Name: string(teamID(50*i + j))}
			})
		})}, domain.ErrOverBudget},
		{"a team of 10,000 is removed from 200 projects", domain.RemoveTeam{Team: "crew"}, nil},
		{"the same in one bulk", batchOf(200, func(i int) domain.Command { return domain.UnassignTeam{Team: "crew", Project: projectID(i)} }), nil},
		{"1,000 members are removed", batchOf(1000, func(i int) domain.Command { return domain.RemoveMember{Member: userID(i)} }), nil},
		{"the scheme is changed", domain.ChangeScheme{Scheme: domain.NewScheme(next)}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			by := events.UserID("admin")
			if _, imports := test.when.(domain.ImportHistory); imports {
				by = events.System
			}
			happened, err := roster.Decide("acme", test.when, at(by), nil)
			require.ErrorIs(t, err, test.err)
			assert.Equal(t, test.err == nil, len(happened) > 0, "events")
			_, err = roster.DryRun("acme", test.when, at(by), nil)
			require.ErrorIs(t, err, test.err, "dry run")
		})
	}
}

// TestRefusalByBudgetNamesWhatItWas is about the texts that people see.
func TestRefusalByBudgetNamesWhatItWas(t *testing.T) {
	t.Parallel()
	org := stateAfter(and(entered("core", "ada", "maintainer"))...).At(noon)
	add := domain.AddTeamMember{Team: "core", Member: "cyd"}
	_, err := domain.DecideWithin(50, org, domain.Batch{domain.CreateTeam{Team: "a", Name: "a"}, add, add}, at("ada"))
	assert.EqualError(t, err, "The command was refused after 64 steps, of 50 that it may cost, with 1 of 3 items decided. Nothing was recorded. Split it into several.")
	_, err = domain.DecideWithin(0, org, add, at("ada"))
	require.NoError(t, err, "0 is no limit")
	big := stateAfter(and(created("p"), assigned("core", "p", "read"))...).At(noon)
	_, err = domain.DecideWithin(1, big, add, at("ada"))
	assert.EqualError(t, err, "The command was refused after 4 steps, of 1 that it may cost. Nothing was recorded. Split it into several, of fewer people, teams or projects.")
}

// TestAbandonedDecisionEnds gives a command for which nobody waits soon after.
func TestAbandonedDecisionEnds(t *testing.T) {
	t.Parallel()
	roster, asked := heldCrowd(), 0
	_, err := roster.Decide("acme", domain.RemoveTeam{Team: "crew"}, at("admin"), func() bool {
		asked++
		return asked < 3
	})
	require.ErrorIs(t, err, domain.ErrAbandoned)
	assert.Equal(t, 3, asked, "it is asked no more after that")
}

// TestBudgetChangesNoDecision decides random commands with few steps: what is not refused for
// them is decided as without a limit, and what only takes access away is never refused for them.
func TestBudgetChangesNoDecision(t *testing.T) {
	property(t, func(t *rapid.T, s step) {
		limit := rapid.IntRange(1, 100).Draw(t, "limit")
		batch := domain.Batch{s.command, s.command}
		for _, c := range []domain.Command{s.command, batch} {
			want, refusal := domain.DecideWithin(0, s.before, c, s.Moment)
			got, err := domain.DecideWithin(limit, s.before, c, s.Moment)
			if errors.Is(err, domain.ErrOverBudget) {
				_, bulk := c.(domain.Batch)
				require.False(t, takesAway(s.command) && !bulk, "it only takes access away")
				require.Nil(t, got)
				continue
			}
			require.Equal(t, refusal, err)
			require.Empty(t, cmp.Diff(want, got))
		}
	})
}

// takesAway lists the commands that take access from people and give none.
func takesAway(c domain.Command) bool {
	switch c.(type) {
	case domain.RemoveMember, domain.DeactivateMember, domain.RemoveProjectMember, domain.RemoveTeamMember, domain.UnassignTeam,
		domain.RemoveTeam, domain.ClearOverride, domain.RevokeInvite, domain.TurnOffPublicLink, domain.ArchiveProject,
		domain.ArchiveOrganization, domain.DeleteProject, domain.DeleteOrganization:
		return true
	}
	return false
}

// TestBudgetLimits decides commands with a limit that is just enough, and with one step less.
func TestBudgetLimits(t *testing.T) {
	t.Parallel()
	next := hub.Scheme
	next.Label = "Next"
	org := stateAfter(and(entered("core", "ada", "maintainer"))...).At(noon)
	change := domain.ChangeScheme{Scheme: domain.NewScheme(next)}
	create := domain.CreateTeam{Team: "a", Name: "a"}
	leave := domain.RemoveTeamMember{Team: "core", Member: "ada"}
	for _, test := range []struct {
		name string
		when domain.Command
		by   events.UserID
		// times is how many times the limit the command may cost; 0 is as much as it takes.
		times int
	}{
		{"a command", create, "ada", 1},
		{"a bulk", domain.Batch{create}, "ada", 1},
		{"a command that only takes away", leave, "ada", 0},
		{"a bulk that only takes away", domain.Batch{leave}, "ada", 3},
		{"a bulk that also gives", domain.Batch{leave, create}, "ada", 1},
		{"a change of scheme", change, "ada", 1},
		{"a change of scheme by the system", change, events.System, 0},
		{"a bulk with a change of scheme by the system", domain.Batch{change}, events.System, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			happened, steps, err := domain.CountSteps(org, test.when, at(test.by))
			require.NoError(t, err)
			require.NotEmpty(t, happened)
			if test.times == 0 {
				_, err = domain.DecideWithin(1, org, test.when, at(test.by))
				require.NoError(t, err)
				return
			}
			enough := (steps + test.times - 1) / test.times
			_, err = domain.DecideWithin(enough, org, test.when, at(test.by))
			require.NoError(t, err)
			_, err = domain.DecideWithin(enough-1, org, test.when, at(test.by))
			require.ErrorIs(t, err, domain.ErrOverBudget)
		})
	}
}

// TestWhatItemsCost holds that what an item costs does not grow with what the actor has had before: the
// last items of a bulk cost what the first do.
func TestWhatItemsCost(t *testing.T) {
	t.Parallel()
	org := stateAfter(and()...).At(noon)
	for _, test := range []struct {
		name string
		item func(i int) domain.Command
	}{
		{"create_project", func(i int) domain.Command { return domain.CreateProject{Project: projectID(i), Name: "P"} }},
		{"create_team", func(i int) domain.Command { return domain.CreateTeam{Team: teamID(i), Name: string(teamID(i))} }},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, some, err := domain.CountSteps(org, batchOf(100, test.item), at("ada"))
			require.NoError(t, err)
			_, all, err := domain.CountSteps(org, batchOf(1000, test.item), at("ada"))
			require.NoError(t, err)
			assert.InDelta(t, 10*some, all, float64(some))
		})
	}
}
