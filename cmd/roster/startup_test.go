package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestLoadingIsTold loads a ledger of which a part comes every second.
func TestLoadingIsTold(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		out := &transcript{}
		loaded := loading(t.Context(), 12, slog.New(slog.NewTextHandler(out, nil)))
		for at := events.Position(1); at <= 12; at++ {
			time.Sleep(time.Second)
			loaded(at)
		}
		var told []string
		for line := range strings.Lines(out.String()) {
			_, what, _ := strings.Cut(line, "msg=")
			told = append(told, strings.TrimSpace(what))
		}
		want := "loaded commits=5 of=12, loaded commits=10 of=12, loaded commits=12 of=12"
		assert.Equal(t, want, strings.Join(told, ", "))
	})
}

// TestPeersMayMeetLate opens what servers keep that have not met yet.
func TestPeersMayMeetLate(t *testing.T) {
	t.Parallel()
	alone := &jetstream.APIError{Code: 400, ErrorCode: noPeers, Description: "no suitable peers for placement"}
	for _, failure := range []error{alone, jetstream.ErrNoStreamResponse, context.DeadlineExceeded} {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			opened, err := oncePeersMeet(t.Context(), func() (string, error) {
				if time.Since(began) < time.Second {
					return "", fmt.Errorf("open: %w", failure)
				}
				return "ledger", nil
			})
			require.NoError(t, err)
			assert.Equal(t, "ledger", opened)
		})
	}
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := oncePeersMeet(t.Context(), func() (string, error) { return "", alone })
		require.ErrorIs(t, err, alone)
		assert.InDelta(t, peersTime.Seconds(), time.Since(began).Seconds(), 1)
	})
	_, err := oncePeersMeet(t.Context(), func() (string, error) { return "", bus.ErrNoLedger })
	require.ErrorIs(t, err, bus.ErrNoLedger, "another error")
}

// TestReplicas begins a ledger on a cluster, and later the feed: what is made then is on as many servers as the ledger.
func TestReplicas(t *testing.T) {
	t.Parallel()
	cluster, database := bustest.Cluster(t), pgtest.New(t)
	h := serve(t, t.TempDir(), "--database", database, "--nats", cluster, "--replicas", "3")
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("member", "add", "bob", "--org", "acme", "--name", "Bob")
	assert.Contains(t, h.must("member", "list", "--org", "acme"), "Bob", "the members")
	serve(t, t.TempDir(), "--database", database, "--nats", cluster, "--feed", "--master-key-file", filepath.Join(h.data, masterKeyFile))
	js, err := jetstream.New(bustest.Dial(t, cluster))
	require.NoError(t, err)
	for _, name := range []string{"LEDGER", "KV_roster_keys", "KV_SUBSCRIBERS", "EVENTS", "REPLICAS"} {
		stream, err := js.Stream(t.Context(), name)
		require.NoError(t, err)
		assert.Equal(t, 3, stream.CachedInfo().Config.Replicas, "servers that keep %s", name)
		if strings.HasPrefix(name, "KV_") {
			assert.False(t, stream.CachedInfo().Config.AllowDirect, "any replica of %s answers", name)
		}
	}
}
