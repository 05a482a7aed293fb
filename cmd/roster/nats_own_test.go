package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestNATSOfOnesOwn starts a NATS server with the configuration that there is before Roster has run, then Roster, and lets a subscriber in.
func TestNATSOfOnesOwn(t *testing.T) {
	t.Parallel()
	dir, data := t.TempDir(), t.TempDir()
	_, refused, code := roster("subscriber", "config", "--data", data)
	assert.Equal(t, exitUnreachable, code)
	assert.Contains(t, refused, "--no-subscribers")
	accounts, failed, code := roster("subscriber", "config", "--no-subscribers", "--data", data)
	require.Zero(t, code, failed)
	assert.NotContains(t, accounts, "nkey")
	accountsFile := filepath.Join(dir, "roster.conf")
	require.NoError(t, os.WriteFile(accountsFile, []byte(accounts), 0o600))

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
	credentials := filepath.Join(dir, "search.creds")
	h.must("subscriber", "create", "search", "--org", "acme", "--out", credentials)
	seed, err := nats.NkeyOptionFromSeed(credentials)
	require.NoError(t, err)
	_, err = nats.Connect(address, seed)
	require.Error(t, err, "the server does not know the subscriber yet")
	require.NoError(t, os.WriteFile(accountsFile, []byte(h.must("subscriber", "config")), 0o600))
	require.NoError(t, server.Process.Signal(syscall.SIGHUP))
	var nc *nats.Conn
	until(t, "the subscriber is let in", func() bool {
		nc, err = nats.Connect(address, seed)
		return err == nil
	})
	defer nc.Close()
	require.NoError(t, server.Process.Signal(syscall.SIGHUP)) // an account that was new works from the second time on
	reading, stop := context.WithTimeout(t.Context(), timeout)
	defer stop()
	var read events.OrganizationID
	options := feed.Options{Subscriber: "search", Start: feed.Start{Beginning: true}, Concurrency: 1}
	require.NoError(t, feed.Subscribe(reading, nc, options, func(_ context.Context, m *feed.Message) error {
		read = m.Organization
		stop()
		return nil
	}))
	assert.EqualValues(t, "acme", read)
}
