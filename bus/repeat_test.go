package bus_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
)

// keyed is a request that may be repeated.
func keyed(member, key string) bus.Request[command] {
	r := ask(join(member))
	r.Key, r.Digest = key, member
	return r
}

func TestRepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, stop := stoppable(t, l, bus.DeskConfig{})
	first, err := d.Do(t.Context(), keyed("ada", "k1"))
	require.NoError(t, err)
	_, err = d.Do(t.Context(), keyed("bob", "k2"))
	require.NoError(t, err)
	first.Repeated = true
	check := func(d *bus.Desk[testState, command]) {
		t.Helper()
		r := keyed("ada", "k1")
		r.IfVersion = 99 // what was answered stays answered
		got, err := d.Do(t.Context(), r)
		require.NoError(t, err)
		assert.Equal(t, first, got)
		_, err = d.Do(t.Context(), keyed("eve", "k1"))
		assert.ErrorIs(t, err, bus.ErrKeyReused, "another command under the key")
		other := keyed("ada", "k1")
		other.Organization = "globex"
		got, err = d.Do(t.Context(), other)
		require.NoError(t, err)
		assert.EqualValues(t, 1, got.Version)
	}
	check(d)
	require.NoError(t, stop())
	restarted := desk(t, l, bus.DeskConfig{})
	got, err := restarted.Do(t.Context(), keyed("ada", "k1"))
	require.NoError(t, err)
	assert.Equal(t, first, got)
	assert.Len(t, history(t, l), 3, "commits")
}

func TestRepeatsThatWaitTogetherAreRecordedOnce(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{})
	require.NoError(t, err)
	type result struct {
		receipt bus.Receipt
		err     error
	}
	results := make(chan result)
	for i := range 9 {
		r := keyed("ada", "k")
		if i == 0 {
			r.Digest = "another"
		}
		go func() {
			got, err := d.Do(t.Context(), r)
			results <- result{got, err}
		}()
	}
	run(t, d)
	var first, repeated, reused int
	for range 9 {
		r := <-results
		switch {
		case errors.Is(r.err, bus.ErrKeyReused):
			reused++
			continue
		case r.receipt.Repeated:
			repeated++
		default:
			first++
		}
		require.NoError(t, r.err)
		assert.EqualValues(t, 1, r.receipt.Version)
		assert.EqualValues(t, 1, r.receipt.Position)
		assert.Len(t, r.receipt.Events, 1)
	}
	// Whichever digest came first, the other one is refused.
	assert.Equal(t, 1, first, "first answers")
	assert.Equal(t, 8, repeated+reused, "repeated or refused")
	assert.Contains(t, []int{0, 7}, repeated, "repeated")
}

func TestKeysAreForgottenAfterADay(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	d, stop := stoppable(t, l, bus.DeskConfig{Clock: clock})
	_, err := d.Do(t.Context(), keyed("ada", "k"))
	require.NoError(t, err)
	require.NoError(t, stop())
	now = now.Add(24 * time.Hour)
	d = desk(t, l, bus.DeskConfig{Clock: clock})
	got, err := d.Do(t.Context(), keyed("ada", "k"))
	require.NoError(t, err)
	assert.False(t, got.Repeated)
	assert.EqualValues(t, 2, got.Version)
}

func TestKeyIsKnownForADayFromItsLastUse(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var hours atomic.Int64
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{Clock: func() time.Time {
		return start.Add(time.Duration(hours.Load()) * time.Hour)
	}})
	for _, step := range []struct {
		hour     int64
		key      string
		repeated bool
	}{
		{0, "k", false},
		{23, "k", true},
		{24, "other", false}, // with it the first use of k is forgotten
		{25, "k", false},
		{47, "k", true},
		{48, "third", false},
		{48, "k", true},
		{48, "other", false},
	} {
		hours.Store(step.hour)
		got, err := d.Do(t.Context(), keyed("ada", step.key))
		require.NoError(t, err, "%s in hour %d", step.key, step.hour)
		assert.Equal(t, step.repeated, got.Repeated, "%s in hour %d", step.key, step.hour)
	}
}

func TestRepeatAfterAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	l := quick(t, p)
	d := desk(t, l, bus.DeskConfig{Alone: true})
	p.Lose(isAck)
	_, err := d.Do(t.Context(), keyed("ada", "k"))
	require.ErrorIs(t, err, bus.ErrUnavailable)
	p.Lose(nil)
	got, err := d.Do(t.Context(), keyed("ada", "k"))
	require.NoError(t, err)
	assert.True(t, got.Repeated)
	assert.EqualValues(t, 1, got.Version)
	assert.Len(t, history(t, l), 1, "commits")
}

// TestUnknownOutcomeSettlesByItself holds that readers need no further command to
// learn of what was recorded after all.
func TestUnknownOutcomeSettlesByItself(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	d := desk(t, quick(t, p), bus.DeskConfig{Alone: true})
	p.Lose(isAck)
	_, err := d.Do(t.Context(), keyed("ada", "k"))
	require.ErrorIs(t, err, bus.ErrUnavailable)
	assert.NoError(t, d.Wait(t.Context(), 1))
}
