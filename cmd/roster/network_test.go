package main

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/internal/soak"
	"github.com/seed-2026d078/roster/internal/tcpproxy"
)

// parts are servers beside Roster, each with a proxy before it.
type parts struct {
	nats, postgres       *tcpproxy.Proxy
	flags                []string
	address, databaseURL string // without the proxies
}

func startParts(t *testing.T) parts {
	t.Helper()
	p := parts{address: bustest.Server(t).URL(), databaseURL: pgtest.New(t)}
	server, err := url.Parse(p.address)
	require.NoError(t, err)
	p.nats = proxyBefore(t, "tcp", server.Host)
	server.Host = p.nats.Address()
	database, err := url.Parse(p.databaseURL)
	require.NoError(t, err)
	q := database.Query()
	p.postgres = proxyBefore(t, "unix", path.Join(q.Get("host"), ".s.PGSQL."+q.Get("port")))
	host, port, _ := strings.Cut(p.postgres.Address(), ":")
	q.Set("host", host)
	q.Set("port", port)
	database.RawQuery = q.Encode()
	p.flags = []string{"--nats", server.String(), "--allow-unsynced-ledger", "--database", database.String()}
	return p
}

// proxyBefore starts a proxy until the test ends.
func proxyBefore(t *testing.T, network, target string) *tcpproxy.Proxy {
	t.Helper()
	p, err := tcpproxy.Start(network, target)
	require.NoError(t, err)
	t.Cleanup(p.Stop)
	return p
}

// ledger opens the ledger past the proxy.
func (p parts) ledger(t *testing.T) *bus.Ledger {
	t.Helper()
	ledger, err := bus.Open(t.Context(), bustest.Dial(t, p.address), bus.OpenConfig{Existing: true, Synced: true})
	require.NoError(t, err)
	return ledger
}

// at returns where a server listens.
func (h *testServer) at(t *testing.T) soak.Server {
	t.Helper()
	c := h.client(t)
	return soak.Server{URL: c.BaseURL, Key: c.Key}
}

// load runs a workload before, while and after something happens, with some hundred commands before and after it,
// and checks it at the end against the ledger.
func (p parts) load(t *testing.T, happens func(), server func(int) (soak.Server, bool)) soak.Counts {
	t.Helper()
	const some = 300
	w := &soak.Workload{Server: server}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	worked := make(chan error, 1)
	go func() { worked <- w.Run(ctx) }()
	goOn := func(when string) {
		before := w.Counts().Commands
		until(t, "commands go on "+when, func() bool { return w.Counts().Commands > before+some })
	}
	goOn("before it happens")
	happens()
	goOn("after it happened")
	cancel()
	require.NoError(t, <-worked, "an operation is not answered at last")
	broken, err := w.CheckLedger(t.Context(), p.ledger(t))
	require.NoError(t, err)
	assert.Empty(t, append(broken, w.Check()...))
	return w.Counts()
}

// TestFaultsOfTheNetwork cuts the network before each part under load, or pauses it. What was
// acknowledged stays, is there once, and the server goes on by itself.
//
//roster:fault NATS is cut off | commands wait, or answer 503; nothing that was acknowledged is lost or there twice; `/readyz` answers 503; it goes on by itself
//roster:fault NATS stands still | as if it were cut off
//roster:fault PostgreSQL is cut off | commands and checks go on; lists answer 503; `/readyz` answers 503; it goes on by itself
//roster:fault PostgreSQL stands still | as if it were cut off
func TestFaultsOfTheNetwork(t *testing.T) {
	t.Parallel()
	const lasts = 2 * time.Second
	for name, fault := range map[string]struct {
		begin, end func(parts)
		// part is what is not ready meanwhile.
		part string
	}{
		"NATS is cut off": {
			begin: func(p parts) { p.nats.Cut() }, end: func(p parts) { p.nats.Restore() },
			part: "ledger",
		},
		"NATS stands still": {
			begin: func(p parts) { p.nats.Pause() }, end: func(p parts) { p.nats.Resume() },
			part: "ledger",
		},
		"PostgreSQL is cut off": {
			begin: func(p parts) { p.postgres.Cut() }, end: func(p parts) { p.postgres.Restore() },
			part: "projections",
		},
		"PostgreSQL stands still": {
			begin: func(p parts) { p.postgres.Pause() }, end: func(p parts) { p.postgres.Resume() },
			part: "projections",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := startParts(t)
			h := serve(t, t.TempDir(), p.flags...)
			here := h.at(t)
			system := apirequest.Server{URL: here.URL, Key: here.Key, Client: http.DefaultClient}.As(t, "")
			p.load(t, func() {
				fault.begin(p)
				over := time.After(lasts)
				ready := system.Ask("GET /readyz")
				assert.Equal(t, http.StatusServiceUnavailable, ready.Status, "ready")
				ready.Has(fault.part+".ready", false)
				assert.NotEmpty(t, ready.Header.Get("Retry-After"))
				<-over
				fault.end(p)
			}, func(int) (soak.Server, bool) { return here, true })
			until(t, "it is ready again", func() bool { return system.Ask("GET /readyz").Status == http.StatusOK })
		})
	}
}

// TestOneOfTwoNodesIsKilled gives commands and reads to two nodes in turn, and kills one of them.
// What it acknowledged is there once, and no answer is older than the position that it was asked for.
//
//roster:fault one of two nodes is killed under load | the other goes on; every acknowledged command is there once, and no answer is older than the position asked for
func TestOneOfTwoNodesIsKilled(t *testing.T) {
	t.Parallel()
	p := startParts(t)
	first := serve(t, t.TempDir(), p.flags...)
	data := t.TempDir()
	second, process := launch(t, data, append(p.flags, "--master-key-file", filepath.Join(first.data, masterKeyFile))...)
	nodes := []soak.Server{first.at(t), second.at(t)}
	p.load(t, func() { require.NoError(t, process.Kill()) }, func(n int) (soak.Server, bool) { return nodes[n%len(nodes)], true })
}

// TestLeaderOfAClusterStops stops the server that leads the ledger under load. It hands the lead over, so
// commands wait for a moment only. After a kill they wait until NATS elects another leader.
//
//roster:fault the leading server of a NATS cluster is stopped | another takes over at once; commands wait meanwhile, as a rule less than 3 s
func TestLeaderOfAClusterStops(t *testing.T) {
	t.Parallel()
	servers := bustest.Servers(t)
	var urls []string
	for _, s := range servers {
		urls = append(urls, s.ClientURL())
	}
	database := pgtest.New(t)
	p := parts{address: strings.Join(urls, ","), databaseURL: database}
	here := serve(t, t.TempDir(), "--nats", p.address, "--replicas", "3", "--database", database).at(t)
	counts := p.load(t, func() {
		for _, s := range servers {
			if s.JetStreamIsStreamLeader("$G", bus.StreamName) {
				s.Shutdown()
				return
			}
		}
		assert.Fail(t, "no server leads the ledger")
	}, func(int) (soak.Server, bool) { return here, true })
	t.Logf("%+v", counts) // how long commands waited depends on the machine
	until(t, "commands go on", func() bool {
		return apirequest.Server{URL: here.URL, Key: here.Key, Client: http.DefaultClient}.As(t, "").Ask("GET /readyz").Status == http.StatusOK
	})
}
