package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/natsserver"
)

// broker is the NATS server that keeps the ledger: one inside this process, or
// another one.
type broker struct {
	*nats.Conn

	// url connects other processes, token included.
	url string
	own *natsserver.Server
}

// startBroker starts a server inside this process. Processes on this machine that can read
// the data directory may connect. If unsynced, a power failure can lose what the server has
// acknowledged.
func startBroker(d *dataDirectory, unsynced bool, log *slog.Logger) (*broker, error) {
	token := rand.Text()
	server, err := natsserver.Start(natsserver.Config{Dir: d.path("nats"), Port: -1, Token: token, Unsynced: unsynced, Log: log})
	if err != nil {
		return nil, err
	}
	address, err := url.Parse(server.URL())
	if err != nil {
		server.Shutdown()
		return nil, err
	}
	address.User = url.User(token)
	conn, err := server.Connect(nats.Name("roster"))
	if err != nil {
		server.Shutdown()
		return nil, err
	}
	return &broker{Conn: conn, url: address.String(), own: server}, nil
}

// joinBroker connects to a server elsewhere.
func joinBroker(address string) (*broker, error) {
	conn, err := nats.Connect(address, nats.Name("roster"), nats.MaxReconnects(-1))
	if err != nil {
		return nil, &unreachableError{fmt.Errorf("connect to NATS: %w", err)}
	}
	return &broker{Conn: conn, url: address}, nil
}

// ledger opens the ledger.
func (b *broker) ledger(ctx context.Context, cfg bus.OpenConfig) (*bus.Ledger, error) {
	cfg.Synced = b.own != nil
	ledger, err := bus.Open(ctx, b.Conn, cfg)
	if errors.Is(err, bus.ErrUnsynced) {
		return nil, fmt.Errorf("%w with --allow-unsynced-ledger", err)
	}
	return ledger, err
}

func (b *broker) close() {
	b.Close()
	if b.own != nil {
		b.own.Shutdown()
	}
}
