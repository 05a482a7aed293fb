package bus_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/natsserver"
)

// membersOf tells who was made a member how often, and checks the ledger on the way.
func membersOf(t testing.TB, l *bus.Ledger) map[string]int {
	t.Helper()
	if _, err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
	members := map[string]int{}
	for _, c := range history(t, l) {
		for _, e := range c.Entries {
			members[joined(e)]++
		}
	}
	return members
}

// replayed is the state that the ledger folds up to.
func replayed(t testing.TB, l *bus.Ledger) (s tally) {
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
				if err != nil {
					t.Error(err)
				}
				if v := d.View(); v.Position < got.Position {
					t.Errorf("told of %d while the view is at %d", got.Position, v.Position)
				}
			}
		})
	}
	calling.Wait()
	once(t, membersOf(t, l), callers*each)
	if commits := len(history(t, l)); commits >= callers*each {
		t.Errorf("%d commits for %d commands", commits, callers*each)
	}
	same(t, d.View().State, replayed(t, l))
}

func TestTwoDesksOnOneLedger(t *testing.T) {
	t.Parallel()
	const callers, each = 16, 20
	s := bustest.Server(t)
	first, second := bustest.Open(t, bustest.Connect(t, s)), bustest.Open(t, bustest.Connect(t, s))
	var conflicts atomic.Int64
	cfg := bus.DeskConfig{Meter: bus.Meter{Conflicted: func() { conflicts.Add(1) }}}
	desks := []*bus.Desk[tally, command]{desk(t, first, cfg), desk(t, second, cfg)}
	var calling sync.WaitGroup
	for caller := range callers {
		for n, d := range desks {
			calling.Go(func() {
				for i := range each {
					if _, err := d.Do(t.Context(), keyed(fmt.Sprint(n, "-", caller, "-", i), fmt.Sprint(n, caller, i))); err != nil {
						t.Error(err)
					}
				}
			})
		}
	}
	calling.Wait()
	once(t, membersOf(t, first), 2*callers*each)
	end, err := first.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range desks {
		if err := d.Wait(t.Context(), end.Position); err != nil {
			t.Error(err)
		}
		same(t, d.View().State, replayed(t, first))
	}
	if conflicts.Load() == 0 {
		t.Error("the desks never met")
	}
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
				stubborn(t, d, keyed(member, member))
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
	if err != nil {
		t.Fatal(err)
	}
	d := desk(t, l, bus.DeskConfig{})
	var calling sync.WaitGroup
	half := make(chan struct{}, callers*each)
	for caller := range callers {
		calling.Go(func() {
			for i := range each {
				member := fmt.Sprint(caller, "-", i)
				stubborn(t, d, keyed(member, member))
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

// stubborn repeats a request until it is known to be recorded.
func stubborn(t *testing.T, d *bus.Desk[tally, command], r bus.Request[command]) {
	t.Helper()
	for {
		_, err := d.Do(t.Context(), r)
		if err == nil {
			return
		}
		if !errors.Is(err, bus.ErrUnavailable) {
			t.Error(err)
			return
		}
	}
}

func TestReplayGivesTheStateOfTheDesk(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	l := bustest.Open(t, nc)
	desks := []*bus.Desk[tally, command]{desk(t, l, bus.DeskConfig{}), desk(t, bustest.Open(t, nc), bus.DeskConfig{})}
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
				if _, err := d.Do(t.Context(), r); err != nil && !errors.Is(err, errNo) && !errors.As(err, &stale) {
					rt.Error(err)
				}
			})
		}
		calling.Wait()
		end, err := l.End(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		want := replayed(t, l)
		for _, d := range desks {
			if err := d.Wait(t.Context(), end.Position); err != nil {
				rt.Fatal(err)
			}
			same(rt, d.View().State, want)
		}
	})
	if _, err := l.Verify(t.Context(), nil); err != nil {
		t.Error(err)
	}
}

// same compares two states.
func same(t interface{ Errorf(string, ...any) }, got, want tally) {
	if len(got) != len(want) {
		t.Errorf("%d organizations, want %d", len(got), len(want))
	}
	for org, w := range want {
		if g := got[org]; g.version != w.version || !g.at.Equal(w.at) || g.sum != w.sum {
			t.Errorf("%s is %+v, want %+v", org, g, w)
		}
	}
}

// once checks that so many members were made, each once.
func once(t *testing.T, members map[string]int, want int) {
	t.Helper()
	if len(members) != want {
		t.Errorf("%d members, want %d", len(members), want)
	}
	for member, times := range members {
		if times != 1 {
			t.Errorf("%s was made a member %d times", member, times)
		}
	}
}
