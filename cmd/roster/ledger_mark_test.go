package main

import (
	"context"
	"log/slog"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// TestMarkFollowsTheLedger appends a commit every second.
func TestMarkFollowsTheLedger(t *testing.T) {
	t.Parallel()
	directory, err := openDataDirectory(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(directory.close)
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		newest := func() events.Checkpoint {
			return events.Checkpoint{Position: events.Position(1 + time.Since(began)/time.Second), Hash: events.Sum(nil)}
		}
		ctx, cancel := context.WithCancel(t.Context())
		go directory.keepMark(ctx, newest, slog.New(slog.DiscardHandler))
		for _, want := range []events.Position{1, 6, 11} {
			synctest.Wait()
			marked, err := directory.mark()
			require.NoError(t, err)
			assert.Equal(t, events.Checkpoint{Position: want, Hash: events.Sum(nil)}, marked)
			time.Sleep(markEvery)
		}
		cancel()
	})
}

//roster:fault `ledger.json` is damaged | `serve` refuses
func TestDamagedMarkIsRefused(t *testing.T) {
	t.Parallel()
	h := &testServer{TB: t, data: t.TempDir()}
	directory, err := openDataDirectory(h.data)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(directory.path(markFile), []byte("{"), 0o600))
	directory.close()
	_, said, code := h.roster("serve", "--listen", "127.0.0.1:0")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, said, "ledger.json is damaged")
	assert.Contains(t, said, "roster rebuild")
}
