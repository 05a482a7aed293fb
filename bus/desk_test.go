package bus_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
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

func TestCommandIsRecordedThenSeen(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	now := time.Date(2026, 3, 2, 12, 0, 0, 999, time.UTC)
	d := desk(t, l, bus.DeskConfig{Clock: clock.New(clock.Config{Machine: func() time.Time { return now }})})
	r := ask(join("bob"))
	r.Actor, r.Cause, r.Key, r.Digest = "ada", "because", "k", "d"
	got, err := d.Do(t.Context(), r)
	require.NoError(t, err)
	assert.EqualValues(t, 1, got.Position, "receipt")
	assert.EqualValues(t, 1, got.Version, "receipt")
	assert.WithinDuration(t, events.Instant(now), got.At, 0, "receipt")
	require.Len(t, got.Events, 1, "receipt")
	assert.False(t, got.Repeated, "receipt")
	v := d.View()
	assert.EqualValues(t, 1, v.Position, "view")
	assert.EqualValues(t, 1, v.State["acme"].version, "view")
	c, err := l.At(t.Context(), 1)
	require.NoError(t, err)
	e := c.Entries[0]
	assert.EqualValues(t, "ada", e.Actor, "recorded")
	assert.Equal(t, "because", e.Cause, "recorded")
	assert.Equal(t, "k", e.Key, "recorded")
	assert.Equal(t, "d", e.Digest, "recorded")
	assert.Equal(t, "bob", joined(e), "recorded")
	assert.WithinDuration(t, events.Instant(now), c.At, 0, "recorded")
}

func TestNothingIsRecordedWhereNothingChanges(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d := desk(t, l, bus.DeskConfig{})
	_, err := d.Do(t.Context(), ask(join("ada")))
	require.NoError(t, err)
	got, err := d.Do(t.Context(), ask(change))
	require.NoError(t, err)
	assert.EqualValues(t, 1, got.Position)
	assert.EqualValues(t, 1, got.Version)
	assert.Empty(t, got.Events)
	_, err = d.Do(t.Context(), ask(refuse))
	assert.ErrorIs(t, err, errNo, "refused")
	assert.Len(t, history(t, l), 1, "commits")
}

func TestTimeOfAnOrganizationNeverRunsBackwards(t *testing.T) {
	t.Parallel()
	var m clocktest.Machine
	start := m.Time()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{Clock: m.Clock()})
	past := ask(join("ada"))
	past.At = start.Add(-time.Hour)
	got, err := d.Do(t.Context(), past)
	require.NoError(t, err)
	assert.WithinDuration(t, past.At, got.At, 0)
	got, err = d.Do(t.Context(), ask(join("bob")))
	require.NoError(t, err)
	assert.WithinDuration(t, start, got.At, 0)
	m.Set(-time.Minute)
	got, err = d.Do(t.Context(), ask(join("eve")))
	require.NoError(t, err)
	assert.WithinDuration(t, start, got.At, 0)
}

func TestStaleVersionIsRefused(t *testing.T) {
	t.Parallel()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{})
	for _, member := range []string{"ada", "bob"} {
		_, err := d.Do(t.Context(), ask(join(member)))
		require.NoError(t, err)
	}
	r := ask(join("eve"))
	r.IfVersion = 1
	var stale *bus.StaleError
	_, err := d.Do(t.Context(), r)
	require.ErrorAs(t, err, &stale)
	assert.EqualValues(t, 2, stale.Current)
	r.IfVersion = 2
	got, err := d.Do(t.Context(), r)
	require.NoError(t, err)
	assert.EqualValues(t, 3, got.Version)
}

func TestCommandThatDoesNotFitHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{})
	require.NoError(t, err)
	// All of them wait when the desk begins, so they share a commit.
	errs := make(chan error, 8)
	for i := range 8 {
		member := fmt.Sprint("m", i)
		switch i {
		case 3:
			member = strings.Repeat("x", 9<<20)
		case 5:
			member = "\xff" // no text, so nothing that the ledger could hold
		}
		go func() {
			_, err := d.Do(t.Context(), ask(join(member)))
			errs <- err
		}()
	}
	run(t, d)
	var large *bus.TooLargeError
	var tooLarge, others int
	for range 8 {
		switch err := <-errs; {
		case errors.As(err, &large):
			tooLarge++
		case err != nil:
			others++
		}
	}
	assert.Equal(t, 1, tooLarge, "commands that are too large")
	assert.Equal(t, 1, others, "commands that failed otherwise")
	assert.EqualValues(t, 6, d.View().State["acme"].version, "recorded")
}

func TestPanicOfARuleHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{})
	_, err := d.Do(t.Context(), ask(func(account, events.Moment) ([]events.Event, error) { panic("oh") }))
	assert.Error(t, err)
	_, err = d.Do(t.Context(), ask(join("ada")))
	assert.NoError(t, err)
}

func TestAbandonedRequestIsDropped(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{})
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := d.Do(ctx, ask(join("ada")))
		left <- err
	}()
	cancel()
	assert.ErrorIs(t, <-left, context.Canceled)
	run(t, d)
	got, err := d.Do(t.Context(), ask(join("bob")))
	require.NoError(t, err)
	assert.EqualValues(t, 1, got.Version)
}

// TestDecisionLearnsThatItIsAbandoned has a caller leave while their command is decided.
func TestDecisionLearnsThatItIsAbandoned(t *testing.T) {
	t.Parallel()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{})
	ctx, cancel := context.WithCancel(t.Context())
	_, err := d.Do(ctx, ask(func(a account, _ events.Moment) ([]events.Event, error) {
		for (*a.proceed)() {
			cancel()
		}
		return nil, errNo
	}))
	assert.ErrorIs(t, err, context.Canceled)
	got, err := d.Do(t.Context(), ask(join("bob")))
	require.NoError(t, err)
	assert.EqualValues(t, 1, got.Version, "nothing of it was recorded")
}

func TestWaitReturnsWhenThePositionIsReached(t *testing.T) {
	t.Parallel()
	d, stop := stoppable(t, bustest.Ledger(t), bus.DeskConfig{})
	reached := make(chan error)
	go func() { reached <- d.Wait(t.Context(), 1) }()
	_, err := d.Do(t.Context(), ask(join("ada")))
	require.NoError(t, err)
	assert.NoError(t, <-reached)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, d.Wait(ctx, 2), context.Canceled)
	assert.NoError(t, stop(), "run")
	assert.ErrorIs(t, d.Wait(t.Context(), 2), bus.ErrUnavailable)
}

func TestMeterHearsOfEveryCommit(t *testing.T) {
	t.Parallel()
	var entries, bytes int
	d, stop := stoppable(t, bustest.Ledger(t), bus.DeskConfig{Meter: bus.Meter{
		Appended: func(e, b int, took time.Duration) {
			entries += e
			bytes += b
			assert.Positive(t, took)
		},
	}})
	for _, member := range []string{"ada", "bob"} {
		_, err := d.Do(t.Context(), ask(join(member)))
		require.NoError(t, err)
	}
	require.NoError(t, stop())
	assert.Equal(t, 2, entries, "entries")
	assert.GreaterOrEqual(t, bytes, 200, "bytes")
}

func TestLoadingIsToldUpToTheEnd(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	first, stop := stoppable(t, l, bus.DeskConfig{})
	for _, member := range []string{"ada", "bob", "eve"} {
		_, err := first.Do(t.Context(), ask(join(member)))
		require.NoError(t, err)
	}
	require.NoError(t, stop())
	var told []events.Position
	desk(t, l, bus.DeskConfig{Loaded: func(at events.Position) { told = append(told, at) }})
	assert.True(t, slices.IsSorted(told), "loading told %v", told)
	require.NotEmpty(t, told, "told")
	assert.EqualValues(t, 3, told[len(told)-1], "told")
}

// TestDeskAppendsNothingWhileTheServerCannotWrite gives commands while there is no room.
func TestDeskAppendsNothingWhileTheServerCannotWrite(t *testing.T) {
	t.Parallel()
	var full atomic.Bool
	ledger, err := bus.Open(t.Context(), bustest.New(t), bus.OpenConfig{Synced: true, Writable: func() error {
		if full.Load() {
			return fmt.Errorf("%w: 0 bytes", bus.ErrNoSpace)
		}
		return nil
	}})
	require.NoError(t, err)
	d := desk(t, ledger, bus.DeskConfig{})
	keyed := ask(join("ada"))
	keyed.Key = "k"
	_, err = d.Do(t.Context(), keyed)
	require.NoError(t, err)

	full.Store(true)
	_, err = d.Do(t.Context(), ask(join("bob")))
	require.ErrorIs(t, err, bus.ErrNoSpace)
	require.NotErrorIs(t, err, bus.ErrUnavailable, "it is known that nothing was appended")
	repeated, err := d.Do(t.Context(), keyed)
	require.NoError(t, err)
	assert.True(t, repeated.Repeated)
	_, err = d.Do(t.Context(), ask(refuse))
	require.ErrorIs(t, err, errNo)

	full.Store(false)
	got, err := d.Do(t.Context(), ask(join("bob")))
	require.NoError(t, err)
	assert.EqualValues(t, 2, got.Position)
}

// TestRepeatsAreAnsweredWhileTheServerCannotWrite repeats requests that wait together with a new one.
func TestRepeatsAreAnsweredWhileTheServerCannotWrite(t *testing.T) {
	t.Parallel()
	conn := bustest.New(t)
	d, stop := stoppable(t, bustest.Open(t, conn), bus.DeskConfig{})
	_, err := d.Do(t.Context(), keyed("ada", "k"))
	require.NoError(t, err)
	require.NoError(t, stop())

	ledger, err := bus.Open(t.Context(), conn, bus.OpenConfig{Synced: true, Writable: func() error { return bus.ErrNoSpace }})
	require.NoError(t, err)
	d, err = bus.NewDesk[testState, command](t.Context(), ledger, nil, bus.DeskConfig{})
	require.NoError(t, err)
	errs := make([]error, 4)
	var asking sync.WaitGroup
	for i, r := range []bus.Request[command]{ask(join("bob")), keyed("ada", "k"), keyed("eve", "k"), keyed("kim", "l")} {
		asking.Go(func() { _, errs[i] = d.Do(t.Context(), r) })
	}
	require.Eventually(t, func() bool { return d.Queued() == len(errs) }, time.Minute, time.Millisecond)
	run(t, d)
	asking.Wait()
	assert.ErrorIs(t, errs[0], bus.ErrNoSpace, "a new request")
	assert.NoError(t, errs[1], "a repeated one")
	assert.ErrorIs(t, errs[2], bus.ErrKeyReused, "another one under its key")
	assert.ErrorIs(t, errs[3], bus.ErrNoSpace, "a new one with a key")
}

// TestRefusalsFollowFromAllThatWasRecorded asks a desk for what another one has recorded a moment ago. A desk
// that nothing was appended by may be behind, and must not refuse for that.
func TestRefusalsFollowFromAllThatWasRecorded(t *testing.T) {
	t.Parallel()
	ledger := bustest.Ledger(t)
	one, two := desk(t, ledger, bus.DeskConfig{}), desk(t, ledger, bus.DeskConfig{})
	for range 100 {
		recorded, err := one.Do(t.Context(), ask(join("ada")))
		require.NoError(t, err)
		answered, err := two.Do(t.Context(), ask(func(a account, _ events.Moment) ([]events.Event, error) {
			if a.version < recorded.Version {
				return nil, errNo
			}
			return nil, nil
		}))
		require.NoError(t, err, "at version %d", recorded.Version)
		require.GreaterOrEqual(t, answered.Position, recorded.Position)
	}
}
