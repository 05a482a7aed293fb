package bus_test

import (
	"errors"
	"net/url"
	"strconv"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

func port(t testing.TB, s *bus.Server) int {
	t.Helper()
	u, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	n, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestServerKeepsTheLedgerAndListensToNobody(t *testing.T) {
	t.Parallel()
	cfg := bus.ServerConfig{Dir: t.TempDir()}
	s := start(t, cfg)
	if s.URL() != "" {
		t.Errorf("it listens on %s", s.URL())
	}
	at := fill(t, bustest.Open(t, bustest.Connect(t, s)), events.Checkpoint{}, 3)
	s.Shutdown()
	again := bustest.Open(t, bustest.Connect(t, start(t, cfg)))
	if end, err := again.End(t.Context()); err != nil || end != at {
		t.Errorf("the end is %+v, %v; want %+v", end, err, at)
	}
}

func TestServerDemandsItsToken(t *testing.T) {
	t.Parallel()
	s := start(t, bus.ServerConfig{Dir: t.TempDir(), Port: -1, Token: "secret"})
	bustest.Connect(t, s) // within the process it is given
	if nc, err := nats.Connect(s.URL()); !errors.Is(err, nats.ErrAuthorization) {
		nc.Close()
		t.Errorf("without the token: %v", err)
	}
}

func TestServerOpensToTheNetworkOnlyWithAToken(t *testing.T) {
	t.Parallel()
	if s, err := bus.StartServer(bus.ServerConfig{Dir: t.TempDir(), Host: "0.0.0.0", Port: -1}); err == nil {
		s.Shutdown()
		t.Error("it started")
	}
}
