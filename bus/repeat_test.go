package bus_test

import (
	"errors"
	"reflect"
	"sync/atomic"
	"testing"
	"time"

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
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Do(t.Context(), keyed("bob", "k2")); err != nil {
		t.Fatal(err)
	}
	first.Repeated = true
	check := func(d *bus.Desk[tally, command]) {
		t.Helper()
		r := keyed("ada", "k1")
		r.IfVersion = 99 // what was answered stays answered
		if got, err := d.Do(t.Context(), r); err != nil || !reflect.DeepEqual(got, first) {
			t.Errorf("got %+v, %v; want %+v", got, err, first)
		}
		if _, err := d.Do(t.Context(), keyed("eve", "k1")); !errors.Is(err, bus.ErrKeyReused) {
			t.Errorf("another command under the key: %v", err)
		}
		other := keyed("ada", "k1")
		other.Organization = "globex"
		if got, err := d.Do(t.Context(), other); err != nil || got.Version != 1 {
			t.Errorf("the key in another organization: %+v, %v", got, err)
		}
	}
	check(d)
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	restarted := desk(t, l, bus.DeskConfig{})
	if got, err := restarted.Do(t.Context(), keyed("ada", "k1")); err != nil || !reflect.DeepEqual(got, first) {
		t.Errorf("after a restart: %+v, %v; want %+v", got, err, first)
	}
	if got := len(history(t, l)); got != 3 {
		t.Errorf("%d commits", got)
	}
}

func TestRepeatsThatWaitTogetherAreRecordedOnce(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, err := bus.NewDesk[tally, command](t.Context(), l, nil, bus.DeskConfig{})
	if err != nil {
		t.Fatal(err)
	}
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
		switch r := <-results; {
		case errors.Is(r.err, bus.ErrKeyReused):
			reused++
		case r.err != nil:
			t.Error(r.err)
		case r.receipt.Version != 1 || r.receipt.Position != 1 || len(r.receipt.Events) != 1:
			t.Errorf("got %+v", r.receipt)
		case r.receipt.Repeated:
			repeated++
		default:
			first++
		}
	}
	// Whichever digest came first, the other one is refused.
	if first != 1 || repeated+reused != 8 || repeated != 7 && repeated != 0 {
		t.Errorf("%d first, %d repeated, %d refused", first, repeated, reused)
	}
}

func TestKeysAreForgottenAfterADay(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	d, stop := stoppable(t, l, bus.DeskConfig{Clock: clock})
	if _, err := d.Do(t.Context(), keyed("ada", "k")); err != nil {
		t.Fatal(err)
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	now = now.Add(24 * time.Hour)
	d = desk(t, l, bus.DeskConfig{Clock: clock})
	if got, err := d.Do(t.Context(), keyed("ada", "k")); err != nil || got.Repeated || got.Version != 2 {
		t.Errorf("got %+v, %v", got, err)
	}
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
		if err != nil || got.Repeated != step.repeated {
			t.Errorf("%s in hour %d: %+v, %v", step.key, step.hour, got, err)
		}
	}
}

func TestRepeatAfterAnUnknownOutcome(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	l := quick(t, p)
	d := desk(t, l, bus.DeskConfig{Alone: true})
	p.Lose(isAck)
	if _, err := d.Do(t.Context(), keyed("ada", "k")); !errors.Is(err, bus.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	p.Lose(nil)
	if got, err := d.Do(t.Context(), keyed("ada", "k")); err != nil || !got.Repeated || got.Version != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	if got := len(history(t, l)); got != 1 {
		t.Errorf("recorded %d times", got)
	}
}

// TestUnknownOutcomeSettlesByItself holds that readers need no further command to
// learn of what was recorded after all.
func TestUnknownOutcomeSettlesByItself(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	d := desk(t, quick(t, p), bus.DeskConfig{Alone: true})
	p.Lose(isAck)
	if _, err := d.Do(t.Context(), keyed("ada", "k")); !errors.Is(err, bus.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	if err := d.Wait(t.Context(), 1); err != nil {
		t.Error(err)
	}
}
