package bus_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/clock/clocktest"
	"github.com/seed-2026d078/roster/events"
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

// TestOriginIsNoPartOfARequest repeats requests for somebody else, in another trace.
func TestOriginIsNoPartOfARequest(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d := desk(t, l, bus.DeskConfig{})
	refused, unchanged := ask(refuse), ask(change)
	refused.Key, unchanged.Key = "k2", "k3"
	refused.RefusalSize = func(error) int { return 1 }
	for _, request := range []bus.Request[command]{keyed("ada", "k1"), refused, unchanged} {
		request.Actor, request.OnBehalfOf, request.Traceparent = "eve", "zoe", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
		first, firstErr := d.Do(t.Context(), request)
		request.OnBehalfOf, request.Traceparent = "bob", ""
		again, err := d.Do(t.Context(), request)
		first.Repeated = firstErr == nil
		assert.Equal(t, first, again, request.Key)
		assert.Equal(t, firstErr, err, request.Key)
	}
	commits := history(t, l)
	require.Len(t, commits, 1)
	entry := commits[0].Entries[0]
	assert.Equal(t, []events.UserID{"eve", "zoe"}, []events.UserID{entry.Actor, entry.OnBehalfOf})
	assert.EqualValues(t, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", entry.Traceparent)
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
	var m clocktest.Machine
	d, stop := stoppable(t, l, bus.DeskConfig{Clock: m.Clock()})
	_, err := d.Do(t.Context(), keyed("ada", "k"))
	require.NoError(t, err)
	require.NoError(t, stop())
	m.Pass(24 * time.Hour)
	d = desk(t, l, bus.DeskConfig{Clock: m.Clock()})
	got, err := d.Do(t.Context(), keyed("ada", "k"))
	require.NoError(t, err)
	assert.False(t, got.Repeated)
	assert.EqualValues(t, 2, got.Version)
}

func TestKeyIsKnownForADayFromItsLastUse(t *testing.T) {
	t.Parallel()
	var m clocktest.Machine
	var now int64
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{Clock: m.Clock()})
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
		m.Pass(time.Duration(step.hour-now) * time.Hour)
		now = step.hour
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
	// A busy server takes longer than the ledger waits.
	for deadline := time.Now().Add(time.Minute); errors.Is(err, bus.ErrUnavailable) && time.Now().Before(deadline); {
		got, err = d.Do(t.Context(), keyed("ada", "k"))
	}
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

// TestKeysSurviveAClockThatIsSet repeats a request after somebody has set the machine's clock, and
// after restarts under it.
func TestKeysSurviveAClockThatIsSet(t *testing.T) {
	t.Parallel()
	const far = 400 * 24 * time.Hour
	for name, row := range map[string]struct {
		restart bool
		set     time.Duration
		// nats says that the NATS server tells the time that it is.
		nats, trusted bool
	}{
		"ahead":                            {set: far},
		"back":                             {set: -far},
		"restarted":                        {restart: true, trusted: true},
		"restarted, back":                  {restart: true, set: -far},
		"restarted, ahead of that of NATS": {restart: true, set: far, nats: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := bustest.Ledger(t)
			var m clocktest.Machine
			d, stop := stoppable(t, l, bus.DeskConfig{Clock: m.Clock()})
			first, err := d.Do(t.Context(), keyed("ada", "k"))
			require.NoError(t, err)
			decided := 0
			_, err = d.Do(t.Context(), unrecorded("refused", errNo, &decided))
			require.ErrorIs(t, err, errNo)
			m.Pass(20 * time.Hour)
			m.Set(row.set)
			if row.restart {
				require.NoError(t, stop())
				c := m.Clock()
				if row.nats {
					c.Compare(t.Context(), clock.Reference{Name: "NATS", Time: func(context.Context) (time.Time, error) { return m.True(), nil }})
				}
				d = desk(t, l, bus.DeskConfig{Clock: c})
			}
			_, err = d.Do(t.Context(), keyed("bob", "new"))
			if !row.trusted {
				assert.ErrorAs(t, err, new(*clock.SkewError))
				d.Clock().Accept()
				_, err = d.Do(t.Context(), keyed("bob", "new"))
			}
			require.NoError(t, err, "what was refused by the clock is decided later")
			again, err := d.Do(t.Context(), keyed("ada", "k"))
			require.NoError(t, err)
			assert.Equal(t, first.Version, again.Version)
			assert.True(t, again.Repeated)
			if !row.restart {
				_, err = d.Do(t.Context(), unrecorded("refused", errNo, &decided))
				require.ErrorIs(t, err, errNo)
				assert.Equal(t, 1, decided, "decisions")
			}
			m.Pass(24 * time.Hour)
			again, err = d.Do(t.Context(), keyed("ada", "k"))
			require.NoError(t, err)
			assert.False(t, again.Repeated, "a day has passed")
		})
	}
}
