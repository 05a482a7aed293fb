package bus_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

func TestCommandIsRecordedThenSeen(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	now := time.Date(2026, 3, 2, 12, 0, 0, 999, time.UTC)
	d := desk(t, l, bus.DeskConfig{Clock: func() time.Time { return now }})
	r := ask(join("bob"))
	r.Actor, r.Cause, r.Key, r.Digest = "ada", "because", "k", "d"
	got, err := d.Do(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	if got.Position != 1 || got.Version != 1 || !got.At.Equal(events.Instant(now)) || len(got.Events) != 1 || got.Repeated {
		t.Errorf("receipt %+v", got)
	}
	if v := d.View(); v.Position != 1 || v.State["acme"].version != 1 {
		t.Errorf("view %+v", v)
	}
	c, err := l.At(t.Context(), 1)
	if err != nil {
		t.Fatal(err)
	}
	e := c.Entries[0]
	if e.Actor != "ada" || e.Cause != "because" || e.Key != "k" || e.Digest != "d" || joined(e) != "bob" || !c.At.Equal(events.Instant(now)) {
		t.Errorf("recorded %+v", c)
	}
}

func TestNothingIsRecordedWhereNothingChanges(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d := desk(t, l, bus.DeskConfig{})
	if _, err := d.Do(t.Context(), ask(join("ada"))); err != nil {
		t.Fatal(err)
	}
	got, err := d.Do(t.Context(), ask(change))
	if err != nil || got.Position != 1 || got.Version != 1 || len(got.Events) != 0 {
		t.Errorf("unchanged: %+v, %v", got, err)
	}
	if _, err := d.Do(t.Context(), ask(refuse)); !errors.Is(err, errNo) {
		t.Errorf("refused: %v", err)
	}
	if n := len(history(t, l)); n != 1 {
		t.Errorf("%d commits", n)
	}
}

func TestTimeOfAnOrganizationNeverRunsBackwards(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	var passed atomic.Int64
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{Clock: func() time.Time { return start.Add(time.Duration(passed.Load())) }})
	past := ask(join("ada"))
	past.At = start.Add(-time.Hour)
	if got, err := d.Do(t.Context(), past); err != nil || !got.At.Equal(past.At) {
		t.Errorf("stated time: %+v, %v", got, err)
	}
	if got, err := d.Do(t.Context(), ask(join("bob"))); err != nil || !got.At.Equal(start) {
		t.Errorf("now: %+v, %v", got, err)
	}
	passed.Store(int64(-time.Minute))
	if got, err := d.Do(t.Context(), ask(join("eve"))); err != nil || !got.At.Equal(start) {
		t.Errorf("the clock was set back: %+v, %v", got, err)
	}
}

func TestStaleVersionIsRefused(t *testing.T) {
	t.Parallel()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{})
	for _, member := range []string{"ada", "bob"} {
		if _, err := d.Do(t.Context(), ask(join(member))); err != nil {
			t.Fatal(err)
		}
	}
	r := ask(join("eve"))
	r.IfVersion = 1
	var stale *bus.StaleError
	if _, err := d.Do(t.Context(), r); !errors.As(err, &stale) || stale.Current != 2 {
		t.Errorf("got %v", err)
	}
	r.IfVersion = 2
	if got, err := d.Do(t.Context(), r); err != nil || got.Version != 3 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestCommandThatDoesNotFitHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, err := bus.NewDesk[tally, command](t.Context(), l, nil, bus.DeskConfig{})
	if err != nil {
		t.Fatal(err)
	}
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
	if tooLarge != 1 || others != 1 {
		t.Errorf("%d were too large, %d failed otherwise", tooLarge, others)
	}
	if got := d.View().State["acme"].version; got != 6 {
		t.Errorf("%d recorded", got)
	}
}

func TestPanicOfARuleHurtsNobodyElse(t *testing.T) {
	t.Parallel()
	d := desk(t, bustest.Ledger(t), bus.DeskConfig{})
	if _, err := d.Do(t.Context(), ask(func(account, events.Moment) ([]events.Event, error) { panic("oh") })); err == nil {
		t.Error("it went well")
	}
	if _, err := d.Do(t.Context(), ask(join("ada"))); err != nil {
		t.Error(err)
	}
}

func TestAbandonedRequestIsDropped(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	d, err := bus.NewDesk[tally, command](t.Context(), l, nil, bus.DeskConfig{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := d.Do(ctx, ask(join("ada")))
		left <- err
	}()
	cancel()
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	run(t, d)
	if got, err := d.Do(t.Context(), ask(join("bob"))); err != nil || got.Version != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestWaitReturnsWhenThePositionIsReached(t *testing.T) {
	t.Parallel()
	d, stop := stoppable(t, bustest.Ledger(t), bus.DeskConfig{})
	reached := make(chan error)
	go func() { reached <- d.Wait(t.Context(), 1) }()
	if _, err := d.Do(t.Context(), ask(join("ada"))); err != nil {
		t.Fatal(err)
	}
	if err := <-reached; err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Wait(ctx, 2); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if err := stop(); err != nil {
		t.Errorf("run: %v", err)
	}
	if err := d.Wait(t.Context(), 2); !errors.Is(err, bus.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestMeterHearsOfEveryCommit(t *testing.T) {
	t.Parallel()
	var entries, bytes int
	d, stop := stoppable(t, bustest.Ledger(t), bus.DeskConfig{Meter: bus.Meter{
		Appended: func(e, b int, took time.Duration) {
			entries += e
			bytes += b
			if took <= 0 {
				t.Errorf("took %v", took)
			}
		},
	}})
	for _, member := range []string{"ada", "bob"} {
		if _, err := d.Do(t.Context(), ask(join(member))); err != nil {
			t.Fatal(err)
		}
	}
	if err := stop(); err != nil || entries != 2 || bytes < 200 {
		t.Errorf("%d entries, %d bytes, %v", entries, bytes, err)
	}
}

func TestLoadingIsToldUpToTheEnd(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	first, stop := stoppable(t, l, bus.DeskConfig{})
	for _, member := range []string{"ada", "bob", "eve"} {
		if _, err := first.Do(t.Context(), ask(join(member))); err != nil {
			t.Fatal(err)
		}
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	var told []events.Position
	desk(t, l, bus.DeskConfig{Loaded: func(at events.Position) { told = append(told, at) }})
	if !slices.IsSorted(told) || len(told) == 0 || told[len(told)-1] != 3 {
		t.Errorf("told %v", told)
	}
}
