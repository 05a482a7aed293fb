package bus_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

// copyOf is a store that a follower keeps, as a read model does: a checkpoint and
// the state there.
type copyOf struct {
	mu    sync.Mutex
	at    events.Checkpoint
	state testState
	wrong error
	moved chan struct{} // gets a value, if there is room, when at changes
}

func newCopy() *copyOf { return &copyOf{moved: make(chan struct{}, 1)} }

func (c *copyOf) checkpoint() events.Checkpoint {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// set makes the store what it is at a view.
func (c *copyOf) set(v bus.View[testState]) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at, c.state = v.Checkpoint, v.State
	select {
	case c.moved <- struct{}{}:
	default:
	}
}

// apply moves the store through the first n commits of a step. It fails if the step
// does not continue the store, or if its views are not what its commits fold to.
func (c *copyOf) apply(s bus.Step[testState], n int) error {
	c.mu.Lock()
	at, state := c.at, c.state
	c.mu.Unlock()
	if s.Before.Checkpoint != at || !maps.Equal(s.Before.State, state) {
		return c.fail("the store is at %d with %v, the step begins at %d with %v", at.Position, state, s.Before.Position, s.Before.State)
	}
	for i, commit := range s.Commits {
		if want := at.Position + events.Position(i) + 1; commit.Position != want {
			return c.fail("got commit %d, want %d", commit.Position, want)
		}
	}
	after, err := s.Before.Fold(s.Commits)
	if err != nil || after.Checkpoint != s.After.Checkpoint || !maps.Equal(after.State, s.After.State) {
		return c.fail("the step ends with %+v, its commits with %+v, %v", s.After, after, err)
	}
	part, err := s.Before.Fold(s.Commits[:n])
	if err != nil {
		return c.fail("fold: %v", err)
	}
	c.set(part)
	return nil
}

// fail notes what reaches reports.
func (c *copyOf) fail(format string, values ...any) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong = fmt.Errorf(format, values...)
	return c.wrong
}

// reaches waits until the store is at a position.
func (c *copyOf) reaches(t require.TestingT, position events.Position) {
	for deadline := time.After(20 * time.Second); c.checkpoint().Position < position; {
		select {
		case <-c.moved:
		case <-deadline:
			c.mu.Lock()
			defer c.mu.Unlock()
			require.Fail(t, "the follower does not move on", "it is at %d, want %d: %v", c.at.Position, position, c.wrong)
		}
	}
}

// follow follows in the background with all that take does; stop ends it and
// returns its error.
func (c *copyOf) follow(t testing.TB, f *bus.Follower[testState], take func(bus.Step[testState]) error) (stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- f.Follow(ctx, c.checkpoint(), take) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() { _ = stop() })
	return stop
}

// keep takes every step.
func (c *copyOf) keep(s bus.Step[testState]) error { return c.apply(s, len(s.Commits)) }

// joinEach makes members, one commit each.
func joinEach(t require.TestingT, d *bus.Desk[testState, command], members int) {
	for i := range members {
		_, err := d.Do(context.Background(), ask(join(fmt.Sprint("m", i))))
		require.NoError(t, err)
	}
}

func TestFollowerGetsWhatIsThereAndWhatComes(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	half := fill(t, l, events.Checkpoint{}, 5)
	fill(t, l, half, 5)
	beginning, middle := bus.NewFollower[testState](events.Checkpoint{}), bus.NewFollower[testState](half)
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{}, beginning, middle)
	require.NoError(t, err)
	run(t, d)
	joinEach(t, d, 5)

	whole, part := newCopy(), newCopy()
	part.at, part.state = half, testState(nil).Evolve(entriesThrough(t, l, half.Position)...)
	whole.follow(t, beginning, whole.keep)
	part.follow(t, middle, part.keep)
	joinEach(t, d, 5)
	for _, c := range []*copyOf{whole, part} {
		c.reaches(t, 20)
		assert.Equal(t, d.View().State, c.state)
	}
}

// entriesThrough returns all entries up to a position.
func entriesThrough(t testing.TB, l *bus.Ledger, position events.Position) (entries []events.Entry) {
	t.Helper()
	for _, c := range history(t, l) {
		if c.Position <= position {
			entries = append(entries, c.Entries...)
		}
	}
	return entries
}

func TestFollowerThatFailsGoesOnWithoutReading(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	l := bustest.Open(t, nc)
	f := bus.NewFollower[testState](events.Checkpoint{})
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{Alone: true}, f)
	require.NoError(t, err)
	stop := run(t, d)
	joinEach(t, d, 10)

	c := newCopy()
	failed := errors.New("the store is out of reach")
	require.ErrorIs(t, f.Follow(t.Context(), c.checkpoint(), func(bus.Step[testState]) error { return failed }), failed)
	require.ErrorIs(t, f.Follow(t.Context(), c.checkpoint(), func(s bus.Step[testState]) error {
		return cmp.Or(c.apply(s, 3), failed) // the connection is lost after a part
	}), failed)
	require.NoError(t, stop())
	nc.Close() // so that nothing can be read
	err = f.Follow(t.Context(), c.checkpoint(), c.keep)
	require.ErrorIs(t, err, bus.ErrUnavailable, "the desk has ended")
	assert.Equal(t, d.View().Checkpoint, c.checkpoint())
	assert.Equal(t, d.View().State, c.state)
}

func TestStoreThatWasEmptiedIsFilledFromTheLedger(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	f := bus.NewFollower[testState](events.Checkpoint{})
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{}, f)
	require.NoError(t, err)
	run(t, d)
	c := newCopy()
	stop := c.follow(t, f, c.keep)
	joinEach(t, d, 10)
	c.reaches(t, 10)
	require.ErrorIs(t, stop(), context.Canceled)

	c.set(bus.View[testState]{})
	c.follow(t, f, c.keep)
	joinEach(t, d, 5)
	c.reaches(t, 15)
	assert.Equal(t, d.View().State, c.state)
}

func TestSlowFollowerIsDetachedAndCatchesUp(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	f := bus.NewFollower[testState](events.Checkpoint{})
	f.SetLimit(2000)
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{Alone: true}, f)
	require.NoError(t, err)
	run(t, d)
	c := newCopy()
	blocked, entered := make(chan struct{}), make(chan struct{})
	enter := sync.OnceFunc(func() { close(entered) })
	c.follow(t, f, func(s bus.Step[testState]) error {
		enter()
		<-blocked
		return c.keep(s)
	})
	joinEach(t, d, 1)
	<-entered
	joinEach(t, d, 100) // the desk does not wait for it
	bytes, attached := f.Waiting()
	assert.False(t, attached)
	assert.Zero(t, bytes)

	close(blocked)
	c.reaches(t, 101)
	joinEach(t, d, 1)
	c.reaches(t, 102)
	_, attached = f.Waiting()
	assert.True(t, attached)
	assert.Equal(t, d.View().State, c.state)
}

func TestFollowerOfARunningDesk(t *testing.T) {
	t.Parallel()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{})
	joinEach(t, d, 5)
	end := newCopy()
	end.set(d.View())
	end.follow(t, d.Follower(), end.keep)
	whole := newCopy()
	whole.follow(t, d.Follower(), whole.keep)
	joinEach(t, d, 5)
	for _, c := range []*copyOf{end, whole} {
		c.reaches(t, 10)
		assert.Equal(t, d.View().State, c.state)
	}
}

func TestFollowerRefusesAnotherLedger(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	at := fill(t, l, events.Checkpoint{}, 2)
	for name, other := range map[string]events.Checkpoint{
		"beyond the end": {Position: 3, Hash: at.Hash},
		"another hash":   {Position: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := bus.NewFollower[testState](other)
			d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{}, f)
			require.NoError(t, err)
			var broken *bus.BrokenError
			for _, f := range []*bus.Follower[testState]{f, d.Follower()} {
				require.ErrorAs(t, f.Follow(t.Context(), other, func(bus.Step[testState]) error { return nil }), &broken)
			}
		})
	}
}

func TestFollowerGetsWhatAnotherDeskAppends(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	d, other := desk(t, bustest.Open(t, nc), bus.DeskConfig{}), desk(t, bustest.Open(t, nc), bus.DeskConfig{})
	c := newCopy()
	c.follow(t, d.Follower(), c.keep)
	joinEach(t, other, 10)
	c.reaches(t, 10)
	assert.Equal(t, other.View().State, c.state)
}

func TestFollowerEndsWithTheErrorOfTheDesk(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	l := bustest.Open(t, nc)
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{})
	require.NoError(t, err)
	write(t, nc, encode(t, one(7)))
	var broken *bus.BrokenError
	require.ErrorAs(t, d.Run(t.Context()), &broken)
	require.ErrorAs(t, d.Follower().Follow(t.Context(), events.Checkpoint{}, func(bus.Step[testState]) error { return nil }), &broken)
}

// unreliable is a copy whose store can be slow, fail within a step, and stop.
type unreliable struct {
	*copyOf
	follower *bus.Follower[testState]
	stop     func() error
	fails    chan int // how many commits to take before failing
	busy     sync.Mutex
	slow     bool // busy is held, so that take waits
}

var errFailed = errors.New("the store failed")

func (u *unreliable) take(s bus.Step[testState]) error {
	select {
	case n := <-u.fails:
		return cmp.Or(u.apply(s, min(n, len(s.Commits))), errFailed)
	default:
	}
	u.busy.Lock()
	defer u.busy.Unlock()
	return u.keep(s)
}

// start follows until stopped, again after each failure.
func (u *unreliable) start(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		for {
			err := u.follower.Follow(ctx, u.checkpoint(), u.take)
			if !errors.Is(err, errFailed) {
				ended <- err
				return
			}
		}
	}()
	u.stop = func() error {
		u.speedUp()
		cancel()
		u.stop = nil
		return <-ended
	}
}

func (u *unreliable) slowDown() {
	if !u.slow {
		u.slow = true
		u.busy.Lock()
	}
}

func (u *unreliable) speedUp() {
	if u.slow {
		u.slow = false
		u.busy.Unlock()
	}
}

// TestFollowersInAnyOrderOfEvents lets followers with a small limit be slow, fail
// within a step, stop, lose their store, or have it moved on by somebody else, while
// commands come in and the desk is restarted. Each gets every commit that its store
// does not have, in order, with the views that folding gives.
func TestFollowersInAnyOrderOfEvents(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	past := []bus.View[testState]{{}} // every view there has been
	remember := func(rt *rapid.T) {
		last := past[len(past)-1]
		require.NoError(rt, l.Read(t.Context(), last.Checkpoint, 0, func(commits []events.Commit) (err error) {
			for i := range commits {
				if last, err = last.Fold(commits[i : i+1]); err != nil {
					return err
				}
				past = append(past, last)
			}
			return nil
		}))
	}
	rapid.Check(t, func(rt *rapid.T) {
		var copies []*unreliable
		var followers []*bus.Follower[testState]
		for range rapid.IntRange(1, 3).Draw(rt, "followers") {
			u := &unreliable{copyOf: newCopy(), fails: make(chan int, 1)}
			u.set(rapid.SampledFrom(past).Draw(rt, "beginning"))
			u.follower = bus.NewFollower[testState](u.checkpoint())
			u.follower.SetLimit(rapid.SampledFrom([]int{1, 1000, 1 << 20}).Draw(rt, "limit"))
			copies, followers = append(copies, u), append(followers, u.follower)
		}
		d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{Alone: true}, followers...)
		require.NoError(rt, err)
		stop := run(t, d)
		for range rapid.IntRange(1, 15).Draw(rt, "happenings") {
			u := rapid.SampledFrom(copies).Draw(rt, "follower")
			switch what := rapid.SampledFrom([]string{"commands", "commands", "start or stop", "fail", "slow", "fast", "restored", "moved on"}).Draw(rt, "what"); {
			case what == "commands":
				joinEach(rt, d, rapid.IntRange(1, 5).Draw(rt, "members"))
			case what == "start or stop" && u.stop == nil:
				u.start(t)
			case what == "start or stop":
				require.ErrorIs(rt, u.stop(), context.Canceled)
			case what == "fail":
				select {
				case u.fails <- rapid.IntRange(0, 3).Draw(rt, "commits"):
				default:
				}
			case what == "slow":
				u.slowDown()
			case what == "fast":
				u.speedUp()
			case what == "restored" && u.stop == nil:
				u.set(rapid.SampledFrom(past).Draw(rt, "restored"))
			case what == "moved on" && u.stop == nil:
				remember(rt)
				u.set(past[len(past)-1])
			}
		}
		for _, u := range copies {
			if u.stop == nil {
				u.start(t)
			}
			u.speedUp()
			u.reaches(rt, d.View().Position)
			require.ErrorIs(rt, u.stop(), context.Canceled)
			require.NoError(rt, u.wrong)
			require.Equal(rt, d.View().State, u.state)
		}
		require.NoError(rt, stop())
		remember(rt)
	})
}
