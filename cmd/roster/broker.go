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
	"github.com/seed-2026d078/roster/keyring"
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
// acknowledged. The data directory must hold the streams that are named.
func startBroker(d *dataDirectory, unsynced bool, log *slog.Logger, streams ...string) (*broker, error) {
	token := rand.Text()
	server, err := natsserver.Start(natsserver.Config{
		Dir: d.path("nats"), Streams: streams, Port: -1, Token: token, Unsynced: unsynced, Log: log,
	})
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
	if errors.Is(err, bus.ErrNoLedger) {
		return nil, &refusedError{fmt.Errorf("%w: name the server that does with --nats, or its data directory with --data; "+
			"if the ledger is lost, bring back its newest copy", err)}
	}
	return ledger, err
}

// keyring opens the keys of a ledger. Only an empty ledger gets new ones: those that a
// commit needs cannot be made again.
func (b *broker) keyring(ctx context.Context, ledger *bus.Ledger) (*keyring.Keyring, error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return nil, err
	}
	if end.Position == 0 {
		return keyring.Open(ctx, b.Conn, ledger.Replicas())
	}
	keys, err := keyring.OpenExisting(ctx, b.Conn)
	if errors.Is(err, keyring.ErrNoKeys) {
		return nil, &refusedError{fmt.Errorf("%w\nThe ledger has %d commits, so nothing is served: "+
			"bring back the newest copy of the ledger and the keys together", err, end.Position)}
	}
	return keys, err
}

func (b *broker) close() {
	b.Close()
	if b.own != nil {
		b.own.Shutdown()
	}
}
