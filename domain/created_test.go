package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestAnActorCreatesSoManyOrganizations creates organizations up to a limit, by a command alone
// and in a batch. One that was deleted counts no more, and the system has no limit.
func TestAnActorCreatesSoManyOrganizations(t *testing.T) {
	t.Parallel()
	var state domain.Roster
	do := func(org events.OrganizationID, by events.UserID, c domain.Command) error {
		t.Helper()
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		m := events.Moment{Actor: by, At: now, Now: now}
		version, _ := state.Last(org)
		happened, err := state.Decide(org, c, m, nil)
		_, dry := state.DryRun(org, c, m, nil)
		require.Equal(t, err, dry)
		if err == nil {
			state = state.Evolve(events.Entry{Organization: org, Version: version + 1, At: now, Actor: by, Events: happened})
		}
		return err
	}
	create := domain.CreateOrganization{Name: "One", Scheme: builtInScheme("github"), MaxOfActor: 2}
	require.NoError(t, do("a", "ada", create))
	require.NoError(t, do("b", "ada", domain.Batch{create}))
	require.ErrorIs(t, do("c", "ada", create), domain.ErrTooManyOrganizations)
	require.ErrorIs(t, do("c", "ada", domain.Batch{create}), domain.ErrTooManyOrganizations)
	require.ErrorIs(t, do("a", "ada", create), domain.ErrOrganizationExists)
	require.NoError(t, do("c", "bob", create))
	require.NoError(t, do("a", "ada", domain.DeleteOrganization{}))
	require.NoError(t, do("d", "ada", create))
	require.ErrorIs(t, do("e", "ada", create), domain.ErrTooManyOrganizations)
	for _, org := range []events.OrganizationID{"f", "g", "h"} {
		require.NoError(t, do(org, events.System, create))
	}
	unlimited := create
	unlimited.MaxOfActor = 0
	assert.NoError(t, do("e", "ada", unlimited))
}
