// Package bustest gives tests a real ledger on an embedded NATS server.
package bustest

import (
	"flag"
	"runtime"
	"runtime/debug"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/natsserver"
)

// Main runs the tests of a package, five or more at once: they wait for servers more than for processors. A flag on the
// command line wins. Servers that have ended are garbage, which is collected less often than elsewhere. Call it as
//
//	func TestMain(m *testing.M) { bustest.Main(m) }
//
// Where there is a pgtest.Main, that does it.
func Main(m *testing.M) {
	debug.SetGCPercent(400)
	if err := flag.Set("test.parallel", strconv.Itoa(max(5, runtime.GOMAXPROCS(0)))); err != nil {
		panic(err) // there is no such flag
	}
	m.Run()
}

// Server starts a server for one test. It listens on a free port of the loopback
// interface and ends with the test.
//
// It does not sync its writes, which makes tests several times as fast and keeps
// packages that run side by side from waiting for each other's disk. What it
// acknowledged survives a restart of the server, but not a power failure. A test
// about durability, or a benchmark, uses [SyncedServer].
func Server(t testing.TB) *natsserver.Server {
	t.Helper()
	return start(t, natsserver.Config{Dir: t.TempDir(), Port: -1, Unsynced: true})
}

// SyncedServer starts a server as [Server] does that syncs every write to the disk
// before it acknowledges it.
func SyncedServer(t testing.TB) *natsserver.Server {
	t.Helper()
	return start(t, natsserver.Config{Dir: t.TempDir(), Port: -1})
}

func start(t testing.TB, cfg natsserver.Config) *natsserver.Server {
	t.Helper()
	s, err := natsserver.Start(cfg)
	require.NoError(t, err)
	t.Cleanup(s.Shutdown)
	return s
}

// Connect connects within the process until the test ends.
func Connect(t testing.TB, s *natsserver.Server) *nats.Conn {
	t.Helper()
	nc, err := s.Connect()
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	return nc
}

// Open opens the ledger of a connection, whether its server syncs or not.
func Open(t testing.TB, nc *nats.Conn) *bus.Ledger {
	t.Helper()
	l, err := bus.Open(t.Context(), nc, bus.OpenConfig{Synced: true})
	require.NoError(t, err)
	return l
}

// New returns a connection to a server of the test's own.
func New(t testing.TB) *nats.Conn {
	t.Helper()
	return Connect(t, Server(t))
}

// Ledger returns an empty ledger of the test's own.
func Ledger(t testing.TB) *bus.Ledger {
	t.Helper()
	return Open(t, New(t))
}

// Dial connects over the network until the test ends, and connects again
// whenever the connection is lost.
func Dial(t testing.TB, url string) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(url, nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	return nc
}
