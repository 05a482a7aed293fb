package bus_test

import (
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

// founder joins an organization that has nobody yet.
func founder(a account, m events.Moment) ([]events.Event, error) {
	if a.version > 0 {
		return nil, errNo
	}
	return join("ada")(a, m)
}

// crowd makes many members at once.
func crowd(size int) command {
	return func(account, events.Moment) ([]events.Event, error) {
		facts := make([]events.Event, size)
		for i := range facts {
			facts[i] = events.MemberJoined{Member: events.UserID(strconv.Itoa(i)), Role: "member"}
		}
		return facts, nil
	}
}

// waiting is a desk at which requests wait before it runs.
func waiting(t *testing.T, l *bus.Ledger, requests ...bus.Request[command]) (*bus.Desk[testState, command], <-chan error) {
	t.Helper()
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{Alone: true})
	require.NoError(t, err)
	answers := make(chan error, len(requests))
	for _, r := range requests {
		go func() {
			_, err := d.Do(t.Context(), r)
			answers <- err
		}()
	}
	return d, answers
}

func TestCommandsOfACommitSeeTheOnesBefore(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, answers := waiting(t, l, ask(founder), ask(founder), ask(founder))
	run(t, d)
	var founded, refused int
	for range 3 {
		switch err := <-answers; {
		case err == nil:
			founded++
		case errors.Is(err, errNo):
			refused++
		}
	}
	assert.Equal(t, 1, founded, "founded")
	assert.Equal(t, 2, refused, "refusals")
	assert.Len(t, history(t, l), 1, "commits")
}

func TestNobodyIsToldWhatIsNotDurable(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	l := quick(t, p)
	d, answers := waiting(t, l, ask(founder), ask(founder), ask(founder))
	p.Lose(isAck)
	stop := run(t, d)
	for range 3 {
		// Whoever came late finds a desk that cannot tell the state of things.
		err := <-answers
		assert.True(t, errors.Is(err, bus.ErrUnavailable) || errors.Is(err, errNo), "answered %v", err)
	}
	assert.NoError(t, stop())
}

// TestStateThatCannotEvolveHurtsNobodyElse puts a command whose events the state
// cannot take in between two that are fine.
func TestStateThatCannotEvolveHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, answers := waiting(t, l, ask(join("ada")), ask(join(unbearable)), ask(join("bob")))
	run(t, d)
	failed := 0
	for range 3 {
		if err := <-answers; err != nil {
			failed++
		}
	}
	assert.Equal(t, 1, failed, "failed")
	assert.EqualValues(t, 2, d.View().State["acme"].version)
}

func TestDecisionsOfAFailedAppendAreThrownAway(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d := desk(t, l, bus.DeskConfig{Alone: true})
	at := fill(t, l, events.Checkpoint{}, 3) // somebody else, whom it does not follow
	_, err := d.Do(t.Context(), ask(founder))
	assert.ErrorIs(t, err, errNo)
	v := d.View()
	assert.Equal(t, at, v.Checkpoint, "the view")
	assert.EqualValues(t, 3, v.State["acme"].version, "the view")
	got, err := d.Do(t.Context(), ask(join("bob")))
	require.NoError(t, err)
	assert.EqualValues(t, 4, got.Version)
	assert.EqualValues(t, 4, got.Position)
}

func TestCommitGrowsOnlySoFar(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, answers := waiting(t, l, ask(crowd(3000)), ask(crowd(3000)), ask(crowd(5000)))
	run(t, d)
	for range 3 {
		assert.NoError(t, <-answers)
	}
	assert.Len(t, history(t, l), 3, "commits")
}

// TestPresentOfADecision holds by which time the desk decides what was decided already.
func TestPresentOfADecision(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.May, 4, 12, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		on   bus.DecidedOn
		want time.Time
	}{
		"it was not decided":                {bus.DecidedOn{}, now},
		"a moment ago, on this version":     {bus.DecidedOn{Version: 7, Now: now.Add(-time.Second)}, now.Add(-time.Second)},
		"too long ago":                      {bus.DecidedOn{Version: 7, Now: now.Add(-time.Second - 1)}, now},
		"on the version before":             {bus.DecidedOn{Version: 6, Now: now.Add(-time.Millisecond)}, now},
		"by a clock that was ahead of ours": {bus.DecidedOn{Version: 7, Now: now.Add(1)}, now},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			assert.Equal(t, tt.want, tt.on.Present(7, now))
		})
	}
}
