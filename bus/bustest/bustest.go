// Package bustest gives tests a real ledger.
package bustest

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
)

// Server starts a server of the test's own that syncs every write. It listens on
// a free port of the loopback interface and ends with the test.
func Server(t testing.TB) *bus.Server {
	t.Helper()
	s, err := bus.StartServer(bus.ServerConfig{Dir: t.TempDir(), Port: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Shutdown)
	return s
}

// Connect connects within the process until the test ends.
func Connect(t testing.TB, s *bus.Server) *nats.Conn {
	t.Helper()
	nc, err := s.Connect()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}

// Open opens the ledger of a connection whose server syncs every write.
func Open(t testing.TB, nc *nats.Conn) *bus.Ledger {
	t.Helper()
	l, err := bus.Open(t.Context(), nc, bus.OpenConfig{Synced: true})
	if err != nil {
		t.Fatal(err)
	}
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
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(nc.Close)
	return nc
}
