package bus_test

import (
	"bytes"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
	require.NoError(t, err)
	return l
}

func TestAppendedCommitsFormAChain(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	var at events.Checkpoint
	for v := range events.Version(3) {
		next, err := l.Append(t.Context(), at, one(v+1))
		require.NoError(t, err)
		found, err := l.At(t.Context(), next.Position)
		require.NoError(t, err)
		assert.Equal(t, at.Hash, found.Previous, "commit %d", next.Position)
		assert.Equal(t, next, found.Checkpoint(), "commit %d", next.Position)
		assert.NotEmpty(t, found.ID, "commit %d", next.Position)
		at = next
	}
	end, err := l.End(t.Context())
	require.NoError(t, err)
	assert.Equal(t, at, end, "the end")
	_, err = l.At(t.Context(), at.Position+1)
	assert.ErrorIs(t, err, bus.ErrNoCommit, "beyond the end")
}

func TestOneOfTwoWritersConflicts(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	_, err := l.Append(t.Context(), events.Checkpoint{}, one(1))
	require.NoError(t, err)
	_, err = l.Append(t.Context(), events.Checkpoint{}, one(1))
	var conflict *bus.ConflictError
	require.ErrorAs(t, err, &conflict)
	assert.EqualValues(t, 1, conflict.Position)
}

func TestLostAcknowledgementIsNoConflict(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	l := quick(t, p)
	var lost atomic.Int64
	p.Lose(func(payload []byte) bool { return isAck(payload) && lost.Add(1) == 1 })
	at, err := l.Append(t.Context(), events.Checkpoint{}, one(1))
	require.NoError(t, err)
	require.EqualValues(t, 1, at.Position)
	require.GreaterOrEqual(t, lost.Load(), int64(2), "acknowledgements")
	assert.Len(t, history(t, l), 1)
}

func TestConflictBehindLostAcknowledgementIsAConflict(t *testing.T) {
	t.Parallel()
	s := bustest.Server(t)
	p := bustest.NewProxy(t, s)
	l := quick(t, p)
	_, err := bustest.Open(t, bustest.Connect(t, s)).Append(t.Context(), events.Checkpoint{}, one(1))
	require.NoError(t, err)
	var lost atomic.Int64
	p.Lose(func(payload []byte) bool { return isAck(payload) && lost.Add(1) == 1 })
	_, err = l.Append(t.Context(), events.Checkpoint{}, one(1))
	var conflict *bus.ConflictError
	assert.ErrorAs(t, err, &conflict)
}

func TestAppendWithoutAnyAcknowledgementIsUnsettled(t *testing.T) {
	t.Parallel()
	p := bustest.NewProxy(t, bustest.Server(t))
	l := quick(t, p)
	p.Lose(isAck)
	_, err := l.Append(t.Context(), events.Checkpoint{}, one(1))
	require.ErrorIs(t, err, bus.ErrUnavailable)
	p.Lose(nil)
	assert.Len(t, history(t, l), 1)
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
	if err := <-done; err != nil {
		require.ErrorIs(t, err, bus.ErrUnavailable)
	}
	p.Lose(nil)
	assert.Len(t, history(t, l), 1)
}

func TestCommitTooLargeForAMessageIsRefused(t *testing.T) {
	t.Parallel()
	c := one(1)
	c.Entries[0].Cause = strings.Repeat("x", 9<<20)
	_, err := bustest.Ledger(t).Append(t.Context(), events.Checkpoint{}, c)
	var large *bus.TooLargeError
	require.ErrorAs(t, err, &large)
	assert.GreaterOrEqual(t, large.Size, 9<<20)
	assert.LessOrEqual(t, large.Limit, 8<<20)
}

// TestAppendOverAClosedConnectionFails holds that nobody waits for a connection that was closed.
func TestAppendOverAClosedConnectionFails(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	ledger := bustest.Open(t, nc)
	nc.Close()
	now := events.Instant(time.Now())
	_, err := ledger.Append(t.Context(), events.Checkpoint{}, events.Commit{At: now, Entries: []events.Entry{{
		Organization: "acme", Version: 1, At: now, Events: events.Facts{events.MemberRemoved{Member: "ada"}},
	}}})
	require.ErrorIs(t, err, bus.ErrUnavailable)
}
