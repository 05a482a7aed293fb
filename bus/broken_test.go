package bus_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/natsserver"
)

// ignore takes commits.
func ignore([]events.Commit) error { return nil }

// write puts a message of any kind where the next commit belongs.
func write(t *testing.T, nc *nats.Conn, message []byte) {
	t.Helper()
	_, err := nc.RequestWithContext(t.Context(), "roster.ledger", message)
	require.NoError(t, err)
}

// encode makes a message of a commit.
func encode(t *testing.T, c events.Commit) []byte {
	t.Helper()
	message, err := events.Encode(c)
	require.NoError(t, err)
	return message
}

//roster:fault a commit is damaged, gone or in another place | reading it fails, with its position
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
		"unknown field": {message: func(t *testing.T, at events.Checkpoint) []byte {
			t.Helper()
			return []byte(strings.Replace(string(encode(t, next(at))), `{"member":`, `{"moon":"new","member":`, 1))
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
			report, err := l.Verify(t.Context(), nil, nil)
			require.ErrorAs(t, err, &broken, "verify")
			assert.EqualValues(t, 3, broken.Position, "verify")
			assert.Equal(t, at, report.End, "what is sound")
			assert.Equal(t, 2, report.Entries, "what is sound")
			read := l.Read(t.Context(), events.Checkpoint{}, 0, ignore)
			assert.NotEqual(t, damage.followed, errors.As(read, &broken), "read: %v", read)
			if damage.followed {
				return
			}
			require.ErrorAs(t, l.Follow(t.Context(), at, ignore), &broken, "follow")
			assert.EqualValues(t, 3, broken.Position, "follow")
			var unknown *events.UnknownTypeError
			assert.Equal(t, name == "unknown event", errors.As(read, &unknown), "read")
			newer := strings.HasPrefix(name, "unknown")
			assert.Equal(t, newer, errors.Is(read, events.ErrNewer), "read")
			assert.Equal(t, newer, strings.Contains(err.Error(), "is not damaged there"), "verify: %v", err)
		})
	}
}

func TestDeskStopsAtAGapInTheVersions(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	l := bustest.Open(t, nc)
	d, err := bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{})
	require.NoError(t, err)
	write(t, nc, encode(t, one(7)))
	var broken *bus.BrokenError
	require.ErrorAs(t, d.Run(t.Context()), &broken, "run")
	assert.EqualValues(t, 1, broken.Position, "run")
	_, err = bus.NewDesk[testState, command](t.Context(), l, nil, bus.DeskConfig{})
	assert.ErrorAs(t, err, &broken, "load")
	_, err = d.Do(t.Context(), ask(join("ada")))
	assert.ErrorIs(t, err, bus.ErrUnavailable, "a closed desk answers")
}

// TestDamagedLastCommitIsNamed changes a bit in the last commit of a server that has stopped.
// The server that starts then passes over what it cannot read.
//
//roster:fault the last commit is damaged | `serve` and `verify` name it
func TestDamagedLastCommitIsNamed(t *testing.T) {
	t.Parallel()
	cfg := natsserver.Config{Dir: t.TempDir(), Port: -1, Unsynced: true}
	s := start(t, cfg)
	at := fill(t, bustest.Open(t, bustest.Connect(t, s)), events.Checkpoint{}, 3)
	s.Shutdown()
	file := filepath.Join(cfg.Dir, "jetstream", "$G", "streams", bus.StreamName, "msgs", "1.blk")
	block, err := os.ReadFile(file)
	require.NoError(t, err)
	block[len(block)-20] ^= 1
	require.NoError(t, os.WriteFile(file, block, 0o600))

	var broken *bus.BrokenError
	read := func(take func(uint64, []byte) error) error {
		return natsserver.Read(cfg.Dir, bus.StreamName, func(sequence uint64, _ string, message []byte) error { return take(sequence, message) })
	}
	report, err := bus.VerifyMessages(t.Context(), read, events.Checkpoint{}, nil, nil)
	require.ErrorAs(t, err, &broken, "from the files")
	assert.EqualValues(t, 3, broken.Position, "from the files")
	assert.EqualValues(t, 2, report.End.Position, "from the files")

	l := bustest.Open(t, bustest.Connect(t, start(t, cfg)))
	l.SetPullWait(500 * time.Millisecond)
	report, err = l.Verify(t.Context(), nil, nil)
	require.ErrorAs(t, err, &broken, "from the server")
	assert.EqualValues(t, 3, broken.Position, "from the server")
	assert.EqualValues(t, 2, report.End.Position, "from the server")
	_, err = l.End(t.Context())
	require.ErrorAs(t, err, &broken, "the end")
	require.ErrorAs(t, l.Check(t.Context(), at), &broken, "check")
}

func TestVerifyMessagesReadsTheFiles(t *testing.T) {
	t.Parallel()
	cfg := natsserver.Config{Dir: t.TempDir(), Unsynced: true}
	s := start(t, cfg)
	l := bustest.Open(t, bustest.Connect(t, s))
	at := fill(t, l, events.Checkpoint{}, 10)
	want, err := l.Verify(t.Context(), nil, nil)
	require.NoError(t, err)
	s.Shutdown()
	read := func(take func(uint64, []byte) error) error {
		return natsserver.Read(cfg.Dir, bus.StreamName, func(sequence uint64, _ string, message []byte) error { return take(sequence, message) })
	}
	for name, c := range map[string]struct {
		known events.Checkpoint
		ok    bool
	}{
		"nothing is known": {events.Checkpoint{}, true},
		"its end is known": {at, true},
		"a later commit":   {events.Checkpoint{Position: 11, Hash: at.Hash}, false},
		"another commit":   {events.Checkpoint{Position: 5, Hash: at.Hash}, false},
	} {
		got, err := bus.VerifyMessages(t.Context(), read, c.known, nil, nil)
		if c.ok {
			require.NoError(t, err, name)
			assert.Equal(t, want, got, name)
			continue
		}
		var broken *bus.BrokenError
		assert.ErrorAs(t, err, &broken, name)
	}
}

func TestVerifyTellsWhatTheLedgerHolds(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	at := fill(t, l, events.Checkpoint{}, 10)
	var done, total events.Position
	report, err := l.Verify(t.Context(), nil, func(d, of events.Position) { done, total = d, of })
	want := bus.Report{End: at, Entries: 10, Events: 10, Organizations: 1}
	require.NoError(t, err)
	assert.Equal(t, want, report)
	assert.EqualValues(t, 10, done, "the end of the progress")
	assert.EqualValues(t, 10, total, "the end of the progress")
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
		if c.ok {
			assert.NoError(t, err, name)
		} else {
			assert.ErrorAs(t, err, &broken, name)
			assert.ErrorAs(t, l.Follow(t.Context(), c.at, ignore), &broken, "%s: follow", name)
			assert.ErrorAs(t, l.Read(t.Context(), c.at, 0, ignore), &broken, "%s: read", name)
		}
	}
}
