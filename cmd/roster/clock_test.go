package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestStartBeforeTheLastCommit starts where the last commit was recorded by a clock that was an
// hour ahead.
func TestStartBeforeTheLastCommit(t *testing.T) {
	t.Parallel()
	nats, data := bustest.Server(t), t.TempDir()
	flags := []string{"--database", pgtest.New(t), "--nats", nats.URL(), "--allow-unsynced-ledger"}
	h := serve(t, data, flags...)
	h.must("org", "create", "acme", "--owner", "ada")
	assert.Contains(t, h.must("clock", "accept"), "now")
	require.Zero(t, h.stop())

	ledger := bustest.Open(t, bustest.Connect(t, nats))
	there, err := ledger.ServerTime(t.Context())
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), there, time.Minute)
	end, err := ledger.End(t.Context())
	require.NoError(t, err)
	ahead := events.Instant(time.Now().Add(time.Hour))
	_, err = ledger.Append(t.Context(), end, events.Commit{At: ahead, Entries: []events.Entry{{
		Organization: "acme", Version: 2, At: ahead, Events: events.Facts{events.OrganizationRenamed{From: "acme", To: "Later"}},
	}}})
	require.NoError(t, err)

	h = serve(t, data, append(flags, "--max-clock-skew", "2h")...)
	assert.Regexp(t, `readiness.clock.ready +yes`, h.must("status"))
	require.Zero(t, h.stop())

	h = serve(t, data, flags...)
	assert.Contains(t, h.log.String(), "the clock is not trusted")
	assert.Regexp(t, `readiness.clock.ready +no`, h.must("status"))
	assert.Contains(t, h.must("org", "list"), "Later")
	_, said, code := h.roster("org", "create", "beta", "--owner", "ada")
	assert.Equal(t, exitError, code, "exit code")
	assert.Contains(t, said, "the ledger's last commit was recorded at "+ahead.Format(time.RFC3339))
	assert.Contains(t, h.must("clock", "accept"), "the ledger's last commit")
	h.must("org", "create", "beta", "--owner", "ada")
	require.Zero(t, h.stop())

	h = serve(t, data, flags...)
	assert.Regexp(t, `readiness.clock.ready +yes`, h.must("status"))
	_, said, code = roster("serve", "--data", data, "--max-clock-skew", "0s")
	assert.Equal(t, exitError, code, "exit code")
	assert.Contains(t, said, "--max-clock-skew is a duration")
}
