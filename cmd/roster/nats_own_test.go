package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestNATSOfOnesOwn starts a NATS server with the configuration that there is before Roster has run, then Roster.
func TestNATSOfOnesOwn(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), t.TempDir()
	_, refused, code := roster("subscriber", "config", "--data", data)
	assert.Equal(t, exitUnreachable, code)
	assert.Contains(t, refused, "--no-subscribers")
	accounts, failed, code := roster("subscriber", "config", "--no-subscribers", "--data", data)
	require.Zero(t, code, failed)
	assert.NotContains(t, accounts, "nkey")
	require.NoError(t, os.WriteFile(filepath.Join(dir, "roster.conf"), []byte(accounts), 0o600))

	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := listener.Addr().String()
	require.NoError(t, listener.Close())
	config := filepath.Join(dir, "nats.conf")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
		listen: %q
		max_payload: 8MB
		jetstream { store_dir: %q, sync_interval: always }
		include "roster.conf"
	`, address, dir), 0o600))
	server := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
	server.Env = append(os.Environ(), asNATS+"="+config, "ROSTER_NATS_PASSWORD=secret")
	require.NoError(t, server.Start())
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
	})
	own := "nats://roster:secret@" + address
	until(t, "the server serves", func() bool {
		nc, err := nats.Connect(own)
		if err == nil {
			nc.Close()
		}
		return err == nil
	})

	h := serve(t, data, "--nats", own, "--feed", "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("subscriber", "create", "search", "--org", "acme", "--out", filepath.Join(dir, "search.creds"))
	assert.Contains(t, h.must("subscriber", "config"), "subscriber_search")
}
