package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/internal/soak"
	"github.com/seed-2026d078/roster/keyring"
)

// asNATS makes the test binary a NATS server with the configuration file that it names, for tests
// that kill it.
const asNATS = "ROSTER_TEST_AS_NATS"

func serveNATS(config string) error {
	options, err := server.ProcessConfigFile(config)
	if err != nil {
		return err
	}
	options.NoLog = true
	s, err := server.NewServer(options)
	if err != nil {
		return err
	}
	go s.Start()
	s.WaitForShutdown()
	return nil
}

// clusterServer is a server of a cluster, in a process of its own.
type clusterServer struct {
	name, url string
	process   *os.Process
}

// launchCluster starts three NATS servers that keep streams together, until the test ends.
func launchCluster(t *testing.T) []clusterServer {
	t.Helper()
	var listeners []net.Listener
	address := func() string {
		listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
		require.NoError(t, err)
		listeners = append(listeners, listener)
		return listener.Addr().String()
	}
	clients, routes := make([]string, 3), make([]string, 3)
	for i := range clients {
		clients[i], routes[i] = address(), address()
	}
	for _, listener := range listeners {
		require.NoError(t, listener.Close())
	}
	servers := make([]clusterServer, len(clients))
	for i := range servers {
		dir := t.TempDir()
		name := fmt.Sprint("node", i)
		config := filepath.Join(dir, "nats.conf")
		require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, `
			server_name: %s
			listen: %q
			jetstream { store_dir: %q }
			cluster { name: roster, listen: %q, routes: [nats://%s] }
		`, name, clients[i], dir, routes[i], strings.Join(routes, ", nats://")), 0o600))
		cmd := exec.CommandContext(context.WithoutCancel(t.Context()), os.Args[0])
		cmd.Env = append(os.Environ(), asNATS+"="+config)
		require.NoError(t, cmd.Start())
		t.Cleanup(func() {
			_ = cmd.Process.Kill() // it may have been killed
			_ = cmd.Wait()
		})
		servers[i] = clusterServer{name, "nats://" + clients[i], cmd.Process}
	}
	return servers
}

// ledgerLeader returns the name of the server that leads the ledger; empty while none does.
func ledgerLeader(t *testing.T, js jetstream.JetStream) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	stream, err := js.Stream(ctx, bus.StreamName)
	if err != nil || stream.CachedInfo().Cluster == nil {
		return ""
	}
	return stream.CachedInfo().Cluster.Leader
}

// TestLeaderOfAClusterIsKilled kills the server that leads the ledger under load, so that the others have to
// notice. What they need to elect another leader is NATS's; commands go on soon after.
//
//roster:fault the leading server of a NATS cluster is killed | commands wait, or answer 503, until NATS has elected another one, which takes it 4 to 9 s; they go on by themselves soon after
func TestLeaderOfAClusterIsKilled(t *testing.T) {
	t.Parallel()
	servers := launchCluster(t)
	var urls []string
	for _, s := range servers {
		urls = append(urls, s.url)
	}
	p := parts{address: strings.Join(urls, ",")}
	until(t, "the cluster serves", func() bool {
		nc, err := nats.Connect(p.address)
		if err != nil {
			return false
		}
		defer nc.Close()
		js, err := jetstream.New(nc)
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = js.AccountInfo(ctx)
		return err == nil
	})
	h := serve(t, t.TempDir(), "--nats", p.address, "--replicas", "3", "--database", pgtest.New(t))
	here := h.at(t)
	h.must("org", "create", "listed", "--scheme", "github", "--owner", "ada")
	h.must("invite", "send", "bob@example.org", "cyd@example.org", "--org", "listed")
	keysOfInvites(t, h, p.address)
	var elected time.Duration
	counts := p.load(t, func() {
		nc, err := nats.Connect(p.address, nats.MaxReconnects(-1), nats.ReconnectWait(10*time.Millisecond))
		require.NoError(t, err)
		defer nc.Close()
		js, err := jetstream.New(nc)
		require.NoError(t, err)
		before := ledgerLeader(t, js)
		for _, s := range servers {
			if s.name == before {
				require.NoError(t, s.process.Kill())
			}
		}
		killed := time.Now()
		until(t, "another server leads", func() bool {
			now := ledgerLeader(t, js)
			return now != "" && now != before
		})
		elected = time.Since(killed)
	}, func(int) (soak.Server, bool) { return here, true })
	t.Logf("NATS elected another leader after %s; the slowest answer took %s", elected, counts.Longest)
	until(t, "commands go on", func() bool {
		return apirequest.Server{URL: here.URL, Key: here.Key, Client: http.DefaultClient}.As(t, "").Ask("GET /readyz").Status == http.StatusOK
	})
	keysOfInvites(t, h, p.address)
}

// keysOfInvites holds that a cluster has the keys of two invites, which it took as one batch, and that a node opens them with the master key of
// the others, and with no other one.
func keysOfInvites(t *testing.T, h *testServer, address string) {
	t.Helper()
	nc, err := nats.Connect(address)
	require.NoError(t, err)
	defer nc.Close()
	text, err := os.ReadFile(filepath.Join(h.data, "master.key"))
	require.NoError(t, err)
	master, err := keyring.ParseMasterKey(string(text))
	require.NoError(t, err)
	keys, err := keyring.Open(t.Context(), nc, keyring.Config{Master: master, Replicas: 3})
	require.NoError(t, err)
	other, _ := keyring.NewMasterKey()
	_, err = keyring.Open(t.Context(), nc, keyring.Config{Master: other, Replicas: 3})
	require.ErrorAs(t, err, new(*keyring.MasterKeyError))

	asks, err := (&shell{Data: h.data}).client()
	require.NoError(t, err)
	var invites []events.InviteID
	until(t, "both invites are listed", func() bool {
		invites = nil
		for invite, err := range asks.ListInvites(t.Context(), "listed", client.ListInvitesQuery{}) {
			require.NoError(t, err)
			invites = append(invites, events.InviteID(invite.ID))
		}
		return len(invites) == 2
	})
	for _, invite := range invites {
		there, err := keys.Has(t.Context(), "listed", keyring.InvitePerson(invite))
		require.NoError(t, err)
		assert.True(t, there, "the key of %s", invite)
	}
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), keyring.StreamName)
	require.NoError(t, err)
	assert.Equal(t, 3, stream.CachedInfo().Config.Replicas)
	inBatch := 0
	for sequence := uint64(1); sequence <= stream.CachedInfo().State.LastSeq; sequence++ {
		if message, err := stream.GetMsg(t.Context(), sequence); err == nil && message.Header.Get("Nats-Batch-Id") != "" {
			inBatch++
		}
	}
	assert.GreaterOrEqual(t, inBatch, 2)
}
