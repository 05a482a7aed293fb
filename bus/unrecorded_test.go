package bus_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

var errMoment = errors.New("try again")

// unrecorded is a request under a key that appends nothing: it ends with an error, or
// changes nothing. Decided counts how often it was decided.
func unrecorded(key string, err error, decided *int) bus.Request[command] {
	r := ask(func(account, events.Moment) ([]events.Event, error) {
		*decided++
		return nil, err
	})
	r.Key, r.Digest = key, key
	r.RefusalSize = func(err error) int {
		if errors.Is(err, errMoment) {
			return 0
		}
		return len(err.Error())
	}
	return r
}

func TestRepetitionOfWhatAppendedNothingIsAnsweredTheSame(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		err     error
		decided int // of a request that is given three times
	}{
		"nothing had to change":       {nil, 1},
		"a rule refused it":           {errNo, 1},
		"it was refused for a moment": {errMoment, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := bustest.Ledger(t)
			d, stop := stoppable(t, l, bus.DeskConfig{})
			_, err := d.Do(t.Context(), ask(join("cleo")))
			require.NoError(t, err)
			decided := 0
			first, err := d.Do(t.Context(), unrecorded("k", row.err, &decided))
			require.ErrorIs(t, err, row.err)
			_, err = d.Do(t.Context(), ask(join("ada"))) // which changes version and position
			require.NoError(t, err)
			for range 2 {
				got, err := d.Do(t.Context(), unrecorded("k", row.err, &decided))
				require.ErrorIs(t, err, row.err)
				if row.err == nil {
					first.Repeated = true
					assert.Equal(t, first, got)
				}
			}
			assert.Equal(t, row.decided, decided, "decisions")
			other := unrecorded("k", nil, &decided)
			other.Digest = "another"
			_, err = d.Do(t.Context(), other)
			assert.Equal(t, row.decided == 1, errors.Is(err, bus.ErrKeyReused), "another command under the key")
			require.NoError(t, stop())
			restarted := desk(t, l, bus.DeskConfig{})
			_, err = restarted.Do(t.Context(), keyed("bob", "k"))
			assert.NoError(t, err, "the answer was in memory only")
		})
	}
}

func TestRepetitionsInOneCommitAreDecidedOnce(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]error{"nothing had to change": nil, "a rule refused it": errNo} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			decided := 0
			r := unrecorded("k", refusal, &decided)
			d, answers := waiting(t, bustest.Ledger(t), r, r, r)
			run(t, d)
			for range 3 {
				assert.ErrorIs(t, <-answers, refusal)
			}
			assert.Equal(t, 1, decided, "decisions")
		})
	}
}

// TestActorsForgetTheirOwnAnswers fills the memory of one actor, then that of the
// organization.
func TestActorsForgetTheirOwnAnswers(t *testing.T) {
	t.Parallel()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{})
	ask := func(org events.OrganizationID, actor events.UserID, key string) (decided int) {
		r := unrecorded(key, errors.New(strings.Repeat("n", 200<<10)), &decided)
		r.Organization, r.Actor = org, actor
		_, err := d.Do(t.Context(), r)
		require.Error(t, err)
		return decided
	}
	ask("globex", "ada", "first")
	ask("acme", "ada", "first")
	for i := range 10 {
		ask("acme", "eve", strconv.Itoa(i))
	}
	assert.Zero(t, ask("acme", "eve", "9"), "the newest of eve's")
	assert.Equal(t, 1, ask("acme", "eve", "0"), "the oldest of eve's")
	assert.Zero(t, ask("acme", "ada", "first"), "ada's, in the same organization")
	for i := range 30 {
		ask("acme", events.UserID("u"+strconv.Itoa(i)), "u"+strconv.Itoa(i))
	}
	assert.Equal(t, 1, ask("acme", "ada", "first"), "ada's, the oldest of a full organization")
	assert.Zero(t, ask("globex", "ada", "first"), "ada's, in another organization")
}

// TestActorsPushOutTheirOwnAnswersEverywhere has one actor ask in very many organizations.
func TestActorsPushOutTheirOwnAnswersEverywhere(t *testing.T) {
	t.Parallel()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{})
	ask := func(org events.OrganizationID, actor events.UserID, key string) (decided int) {
		r := unrecorded(key, errors.New(strings.Repeat("n", 900<<10)), &decided)
		r.Organization, r.Actor = org, actor
		_, err := d.Do(t.Context(), r)
		require.Error(t, err)
		return decided
	}
	for i := range 30 {
		ask("acme", events.UserID("u"+strconv.Itoa(i%3)), strconv.Itoa(i))
	}
	ask("globex", "ada", "first")
	for i := range 100 {
		ask(events.OrganizationID("o"+strconv.Itoa(i)), "eve", "k")
	}
	assert.Zero(t, ask("globex", "ada", "first"), "ada's")
	assert.Zero(t, ask("acme", "u0", "27"), "of a member of another organization")
	assert.Zero(t, ask("o99", "eve", "k"), "the newest of eve's")
	assert.Equal(t, 1, ask("o0", "eve", "k"), "the oldest of eve's")
}
