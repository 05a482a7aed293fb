package bus_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

// ignore takes commits.
func ignore([]events.Commit) error { return nil }

// write puts a message of any kind where the next commit belongs.
func write(t *testing.T, nc *nats.Conn, message []byte) {
	t.Helper()
	if _, err := nc.RequestWithContext(t.Context(), "roster.ledger", message); err != nil {
		t.Fatal(err)
	}
}

// encode makes a message of a commit.
func encode(t *testing.T, c events.Commit) []byte {
	t.Helper()
	message, err := events.Encode(c)
	if err != nil {
		t.Fatal(err)
	}
	return message
}

func TestDamageIsFoundWithItsPosition(t *testing.T) {
	t.Parallel()
	next := func(at events.Checkpoint) events.Commit {
		c := one(3)
		c.ID, c.Previous = "x", at.Hash
		return c
	}
	for name, damage := range map[string]struct {
		message  func(*testing.T, events.Checkpoint) []byte
		followed bool // a follower cannot tell
	}{
		"another commit continued": {message: func(t *testing.T, at events.Checkpoint) []byte {
			t.Helper()
			c := next(at)
			c.Previous[0] ^= 1
			return encode(t, c)
		}},
		"not a commit": {message: func(*testing.T, events.Checkpoint) []byte { return []byte("{]") }},
		"unknown event": {message: func(t *testing.T, at events.Checkpoint) []byte {
			t.Helper()
			return []byte(strings.Replace(string(encode(t, next(at))), "membership.joined.v1", "membership.juggled.v9", 1))
		}},
		"a version left out": {followed: true, message: func(t *testing.T, at events.Checkpoint) []byte {
			t.Helper()
			c := next(at)
			c.Entries[0].Version++
			return encode(t, c)
		}},
		"time running backwards": {followed: true, message: func(t *testing.T, at events.Checkpoint) []byte {
			t.Helper()
			c := next(at)
			c.Entries[0].At = c.Entries[0].At.Add(-time.Hour)
			return encode(t, c)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nc := bustest.New(t)
			l := bustest.Open(t, nc)
			at := fill(t, l, events.Checkpoint{}, 2)
			write(t, nc, damage.message(t, at))

			var broken *bus.BrokenError
			report, err := l.Verify(t.Context(), nil)
			if !errors.As(err, &broken) || broken.Position != 3 {
				t.Errorf("verify: %v", err)
			}
			if report.End != at || report.Entries != 2 {
				t.Errorf("sound is %+v", report)
			}
			read := l.Read(t.Context(), events.Checkpoint{}, 0, ignore)
			if found := errors.As(read, &broken); found == damage.followed {
				t.Errorf("read: %v", read)
			}
			if damage.followed {
				return
			}
			if err := l.Follow(t.Context(), at, ignore); !errors.As(err, &broken) || broken.Position != 3 {
				t.Errorf("follow: %v", err)
			}
			var unknown *events.UnknownTypeError
			if errors.As(read, &unknown) != (name == "unknown event") {
				t.Errorf("read: %v", read)
			}
		})
	}
}

func TestDeskStopsAtAGapInTheVersions(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	l := bustest.Open(t, nc)
	d, err := bus.NewDesk[tally, command](t.Context(), l, nil, bus.DeskConfig{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, nc, encode(t, one(7)))
	var broken *bus.BrokenError
	if err := d.Run(t.Context()); !errors.As(err, &broken) || broken.Position != 1 {
		t.Errorf("run: %v", err)
	}
	if _, err := bus.NewDesk[tally, command](t.Context(), l, nil, bus.DeskConfig{}); !errors.As(err, &broken) {
		t.Errorf("load: %v", err)
	}
	if _, err := d.Do(t.Context(), ask(join("ada"))); !errors.Is(err, bus.ErrUnavailable) {
		t.Errorf("a closed desk answers %v", err)
	}
}

func TestVerifyTellsWhatTheLedgerHolds(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	at := fill(t, l, events.Checkpoint{}, 10)
	var done, total events.Position
	report, err := l.Verify(t.Context(), func(d, of events.Position) { done, total = d, of })
	want := bus.Report{End: at, Entries: 10, Events: 10, Organizations: 1}
	if err != nil || report != want {
		t.Errorf("got %+v, %v; want %+v", report, err, want)
	}
	if done != 10 || total != 10 {
		t.Errorf("progress ended at %d of %d", done, total)
	}
}

func TestCheckRefusesAnotherLedger(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	at := fill(t, l, events.Checkpoint{}, 2)
	for name, c := range map[string]struct {
		at events.Checkpoint
		ok bool
	}{
		"the beginning":  {events.Checkpoint{}, true},
		"its own end":    {at, true},
		"beyond the end": {events.Checkpoint{Position: 3, Hash: at.Hash}, false},
		"another hash":   {events.Checkpoint{Position: 2}, false},
	} {
		err := l.Check(t.Context(), c.at)
		var broken *bus.BrokenError
		if c.ok && err != nil || !c.ok && !errors.As(err, &broken) {
			t.Errorf("%s: %v", name, err)
		}
		if !c.ok {
			if err := l.Follow(t.Context(), c.at, ignore); !errors.As(err, &broken) {
				t.Errorf("%s: follow: %v", name, err)
			}
			if err := l.Read(t.Context(), c.at, 0, ignore); !errors.As(err, &broken) {
				t.Errorf("%s: read: %v", name, err)
			}
		}
	}
}
