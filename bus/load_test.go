package bus_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/natsserver"
)

// membersOf tells who was made a member how often, and checks the ledger on the way.
func membersOf(t testing.TB, l *bus.Ledger) map[string]int {
	t.Helper()
	_, err := l.Verify(t.Context(), nil, nil)
	assert.NoError(t, err)
	members := map[string]int{}
	for _, c := range history(t, l) {
		for _, e := range c.Entries {
			members[joined(e)]++
		}
	}
	return members
}

// replayed is the state that the ledger folds up to.
func replayed(t testing.TB, l *bus.Ledger) (s testState) {
	t.Helper()
	for _, c := range history(t, l) {
		s = s.Evolve(c.Entries...)
	}
	return s
}

func TestManyCallersShareCommits(t *testing.T) {
	t.Parallel()
	const callers, each = 64, 20
	l := bustest.Ledger(t)
	d := desk(t, l, bus.DeskConfig{})
	var calling sync.WaitGroup
	for caller := range callers {
		calling.Go(func() {
			for i := range each {
				r := ask(join(fmt.Sprint(caller, "-", i)))
				r.Organization = events.OrganizationID(fmt.Sprint("org", caller%7))
				got, err := d.Do(t.Context(), r)
				assert.NoError(t, err)
				assert.GreaterOrEqual(t, d.View().Position, got.Position, "the view is behind what was answered")
			}
		})
	}
	calling.Wait()
	once(t, membersOf(t, l), callers*each)
	assert.Less(t, len(history(t, l)), callers*each, "no two commands shared a commit")
	same(t, d.View().State, replayed(t, l))
}

func TestTwoDesksOnOneLedger(t *testing.T) {
	t.Parallel()
	const callers, each = 16, 20
	s := bustest.Server(t)
	first, second := bustest.Open(t, bustest.Connect(t, s)), bustest.Open(t, bustest.Connect(t, s))
	var conflicts atomic.Int64
	cfg := bus.DeskConfig{Meter: bus.Meter{Conflicted: func() { conflicts.Add(1) }}}
	desks := []*bus.Desk[testState, command]{desk(t, first, cfg), desk(t, second, cfg)}
	var calling sync.WaitGroup
	for caller := range callers {
		for n, d := range desks {
			calling.Go(func() {
				for i := range each {
					_, err := d.Do(t.Context(), keyed(fmt.Sprint(n, "-", caller, "-", i), fmt.Sprint(n, caller, i)))
					assert.NoError(t, err)
				}
			})
		}
	}
	calling.Wait()
	once(t, membersOf(t, first), 2*callers*each)
	end, err := first.End(t.Context())
	require.NoError(t, err)
	for _, d := range desks {
		assert.NoError(t, d.Wait(t.Context(), end.Position))
		same(t, d.View().State, replayed(t, first))
	}
	assert.NotZero(t, conflicts.Load(), "the desks never met")
}

func TestDeskSettlesLostAcknowledgements(t *testing.T) {
	t.Parallel()
	const callers, each = 8, 5
	s := bustest.Server(t)
	p := bustest.NewProxy(t, s)
	l := quick(t, p)
	d := desk(t, l, bus.DeskConfig{})
	var acks atomic.Int64
	p.Lose(func(payload []byte) bool { return isAck(payload) && acks.Add(1)%3 == 0 })
	var calling sync.WaitGroup
	for caller := range callers {
		calling.Go(func() {
			for i := range each {
				member := fmt.Sprint(caller, "-", i)
				doUntilRecorded(t, d, keyed(member, member))
			}
		})
	}
	calling.Wait()
	p.Lose(nil)
	once(t, membersOf(t, l), callers*each)
}

func TestRestartOfTheServerUnderLoad(t *testing.T) {
	t.Parallel()
	const callers, each = 8, 25
	cfg := natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret"}
	s := start(t, cfg)
	l, err := bus.Open(t.Context(), dial(t, s, cfg.Token), bus.OpenConfig{Synced: true, AckWait: 200 * time.Millisecond})
	require.NoError(t, err)
	d := desk(t, l, bus.DeskConfig{})
	var calling sync.WaitGroup
	half := make(chan struct{}, callers*each)
	for caller := range callers {
		calling.Go(func() {
			for i := range each {
				member := fmt.Sprint(caller, "-", i)
				doUntilRecorded(t, d, keyed(member, member))
				half <- struct{}{}
			}
		})
	}
	for range callers * each / 2 {
		<-half
	}
	restart(t, s, cfg)
	calling.Wait()
	once(t, membersOf(t, l), callers*each)
	same(t, d.View().State, replayed(t, l))
}

// doUntilRecorded repeats a request until it is known to be recorded.
func doUntilRecorded(t *testing.T, d *bus.Desk[testState, command], r bus.Request[command]) {
	t.Helper()
	for {
		_, err := d.Do(t.Context(), r)
		if err == nil {
			return
		}
		if !assert.ErrorIs(t, err, bus.ErrUnavailable) {
			return
		}
	}
}

func TestReplayGivesTheStateOfTheDesk(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	l := bustest.Open(t, nc)
	desks := []*bus.Desk[testState, command]{desk(t, l, bus.DeskConfig{}), desk(t, bustest.Open(t, nc), bus.DeskConfig{})}
	rapid.Check(t, func(rt *rapid.T) {
		var calling sync.WaitGroup
		for range rapid.IntRange(1, 20).Draw(rt, "callers") {
			c := rapid.SampledFrom([]command{join("ada"), join("bob"), change, refuse}).Draw(rt, "command")
			r := ask(c)
			r.Organization = rapid.SampledFrom([]events.OrganizationID{"acme", "globex"}).Draw(rt, "organization")
			r.Key = rapid.SampledFrom([]string{"", "k1", "k2"}).Draw(rt, "key")
			r.IfVersion = events.Version(rapid.IntRange(0, 3).Draw(rt, "version"))
			d := rapid.SampledFrom(desks).Draw(rt, "desk")
			calling.Go(func() {
				var stale *bus.StaleError
				_, err := d.Do(t.Context(), r)
				if !errors.Is(err, errNo) && !errors.As(err, &stale) {
					assert.NoError(rt, err)
				}
			})
		}
		calling.Wait()
		end, err := l.End(t.Context())
		require.NoError(rt, err)
		want := replayed(t, l)
		for _, d := range desks {
			require.NoError(rt, d.Wait(t.Context(), end.Position))
			same(rt, d.View().State, want)
		}
	})
	_, err := l.Verify(t.Context(), nil, nil)
	assert.NoError(t, err)
}

// same compares two states.
func same(t assert.TestingT, got, want testState) {
	assert.Empty(t, cmp.Diff(want, got, cmp.AllowUnexported(account{})), "(-want +got)")
}

// once checks that so many members were made, each once.
func once(t *testing.T, members map[string]int, want int) {
	t.Helper()
	assert.Len(t, members, want, "members")
	for member, times := range members {
		assert.Equal(t, 1, times, "how often %s was made a member", member)
	}
}
