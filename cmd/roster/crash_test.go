package main

import (
	"context"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/apirequest"
)

// TestPostgresKilledUnderLoad kills the private Postgres while commands come in. Its
// server runs as users run it, with every write synced.
//
//roster:fault PostgreSQL is killed under load | commands go on; lists answer 503 until it is back, by itself
func TestPostgresKilledUnderLoad(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--unsynced=false")
	h.must("org", "create", "acme")
	ctx, cancel := context.WithCancel(t.Context())
	var loading sync.WaitGroup
	var added int
	c := h.client(t)
	loading.Go(func() {
		for ; ctx.Err() == nil; added++ {
			in := client.AddMember{User: "u" + strconv.Itoa(added)}
			_, err := c.AddMember(context.WithoutCancel(ctx), "acme", in)
			if !assert.NoError(t, err, "a command while Postgres is away") {
				return
			}
		}
	})
	system := apirequest.Server{URL: c.BaseURL, Key: c.Key}.As(t, "")
	lists := func() int { return system.Ask("GET /v1/organizations/acme/members").Status }
	for range 2 {
		until(t, "lists are served", func() bool { return lists() == http.StatusOK })
		h.killPostgres(t)
		until(t, "a list answers that it has to wait", func() bool {
			code := lists()
			require.Contains(t, []int{http.StatusOK, http.StatusServiceUnavailable}, code, "a list while Postgres is away")
			return code == http.StatusServiceUnavailable
		})
	}
	cancel()
	loading.Wait()
	until(t, "lists are served again", func() bool { return lists() == http.StatusOK })
	until(t, "lists have caught up", func() bool {
		return strings.Count(h.must("member", "list", "--org", "acme"), "\n") == added+1
	})
}

// killPostgres kills the private Postgres of the data directory at once.
func (h *testServer) killPostgres(t testing.TB) {
	t.Helper()
	pid, err := strconv.Atoi(strings.SplitN(read(t, filepath.Join(h.data, "postgres", "data", "postmaster.pid")), "\n", 2)[0])
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
}

// client talks to the server.
func (h *testServer) client(t testing.TB) *client.Client {
	t.Helper()
	c, err := (&shell{Data: h.data}).client()
	require.NoError(t, err)
	return c
}
