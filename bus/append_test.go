package bus_test

import (
	"bytes"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

// one is a commit with one entry.
func one(version events.Version) events.Commit {
	return events.Commit{At: events.Instant(time.Now()), Entries: []events.Entry{entry(version)}}
}

// isAck tells answers to an append, good and bad, from other messages.
func isAck(payload []byte) bool { return bytes.Contains(payload, []byte(`"stream":"LEDGER"`)) }

// quick opens a ledger that does not wait long.
func quick(t *testing.T, p *bustest.Proxy) *bus.Ledger {
	t.Helper()
	l, err := bus.Open(t.Context(), p.Connect(t), bus.OpenConfig{Synced: true, AckWait: 200 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func TestAppendedCommitsFormAChain(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	var at events.Checkpoint
	for v := range events.Version(3) {
		next, err := l.Append(t.Context(), at, one(v+1))
		if err != nil {
			t.Fatal(err)
		}
		found, err := l.At(t.Context(), next.Position)
		if err != nil {
			t.Fatal(err)
		}
		if found.Previous != at.Hash || found.Checkpoint() != next || found.ID == "" {
			t.Errorf("commit %d is %+v after %+v", next.Position, found, at)
		}
		at = next
	}
	if end, err := l.End(t.Context()); err != nil || end != at {
		t.Errorf("the end is %+v, %v; want %+v", end, err, at)
	}
	if _, err := l.At(t.Context(), at.Position+1); !errors.Is(err, bus.ErrNoCommit) {
		t.Errorf("beyond the end: %v", err)
	}
}

func TestOneOfTwoWritersConflicts(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	if _, err := l.Append(t.Context(), events.Checkpoint{}, one(1)); err != nil {
		t.Fatal(err)
	}
	_, err := l.Append(t.Context(), events.Checkpoint{}, one(1))
	var conflict *bus.ConflictError
	if !errors.As(err, &conflict) || conflict.Position != 1 {
		t.Errorf("got %v", err)
	}
}

func TestLostAcknowledgementIsNoConflict(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	l := quick(t, p)
	var lost atomic.Int64
	p.Lose(func(payload []byte) bool { return isAck(payload) && lost.Add(1) == 1 })
	at, err := l.Append(t.Context(), events.Checkpoint{}, one(1))
	if err != nil || at.Position != 1 || lost.Load() < 2 {
		t.Fatalf("at %+v, %v, after %d acknowledgements", at, err, lost.Load())
	}
	if got := len(history(t, l)); got != 1 {
		t.Errorf("recorded %d times", got)
	}
}

func TestConflictBehindLostAcknowledgementIsAConflict(t *testing.T) {
	t.Parallel()
	s := bustest.Server(t)
	p := bustest.NewProxy(t, s)
	l := quick(t, p)
	if _, err := bustest.Open(t, bustest.Connect(t, s)).Append(t.Context(), events.Checkpoint{}, one(1)); err != nil {
		t.Fatal(err)
	}
	var lost atomic.Int64
	p.Lose(func(payload []byte) bool { return isAck(payload) && lost.Add(1) == 1 })
	_, err := l.Append(t.Context(), events.Checkpoint{}, one(1))
	if _, conflict := errors.AsType[*bus.ConflictError](err); !conflict {
		t.Errorf("got %v", err)
	}
}

func TestAppendWithoutAnyAcknowledgementIsUnsettled(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	l := quick(t, p)
	p.Lose(isAck)
	if _, err := l.Append(t.Context(), events.Checkpoint{}, one(1)); !errors.Is(err, bus.ErrUnavailable) {
		t.Fatalf("got %v", err)
	}
	p.Lose(nil)
	if got := len(history(t, l)); got != 1 {
		t.Errorf("recorded %d times", got)
	}
}

func TestAppendSurvivesALostConnection(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	l := quick(t, p)
	p.Lose(func(payload []byte) bool {
		if isAck(payload) {
			go p.Cut()
			return true
		}
		return false
	})
	done := make(chan error, 1)
	go func() {
		_, err := l.Append(t.Context(), events.Checkpoint{}, one(1))
		done <- err
	}()
	if err := <-done; err != nil && !errors.Is(err, bus.ErrUnavailable) {
		t.Fatal(err)
	}
	p.Lose(nil)
	if got := len(history(t, l)); got != 1 {
		t.Errorf("recorded %d times", got)
	}
}

func TestCommitTooLargeForAMessageIsRefused(t *testing.T) {
	t.Parallel()
	c := one(1)
	c.Entries[0].Cause = strings.Repeat("x", 9<<20)
	_, err := bustest.Ledger(t).Append(t.Context(), events.Checkpoint{}, c)
	var large *bus.TooLargeError
	if !errors.As(err, &large) || large.Size < 9<<20 || large.Limit > 8<<20 {
		t.Errorf("got %v", err)
	}
}
