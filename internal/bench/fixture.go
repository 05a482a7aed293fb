package bench

import (
	"context"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres"
	"github.com/seed-2026d078/roster/natsserver"
	"github.com/seed-2026d078/roster/projections"
)

// ledgerFixture is a ledger on a server of its own that syncs every write, with a desk.
type ledgerFixture struct {
	conn   *nats.Conn
	ledger *bus.Ledger
	desk   *bus.Desk[domain.Roster, domain.Command] // nil unless withDesk made the fixture
}

// ledger starts a server with an empty ledger.
func (s *setup) ledger(ctx context.Context) (*ledgerFixture, error) {
	server, err := natsserver.Start(natsserver.Config{Dir: filepath.Join(s.dir, "nats")})
	if err != nil {
		return nil, err
	}
	s.cleanup(server.Shutdown)
	conn, err := server.Connect()
	if err != nil {
		return nil, err
	}
	s.cleanup(conn.Close)
	ledger, err := bus.Open(ctx, conn, bus.OpenConfig{Synced: true})
	return &ledgerFixture{conn: conn, ledger: ledger}, err
}

// withDesk starts a ledger that holds the history of an organization, and its desk.
func (s *setup) withDesk(ctx context.Context, c organization) (*ledgerFixture, error) {
	h, err := s.ledger(ctx)
	if err != nil {
		return nil, err
	}
	if _, err := c.record(ctx, h.ledger, events.Checkpoint{}); err != nil {
		return nil, err
	}
	// Nobody else writes to the ledger of a server within the process.
	h.desk, err = bus.NewDesk[domain.Roster, domain.Command](ctx, h.ledger, domain.Roster{}, bus.DeskConfig{Alone: true})
	if err != nil {
		return nil, err
	}
	s.run(ctx, h.desk.Run)
	return h, nil
}

// do runs a command and waits until it is durable.
func (h *ledgerFixture) do(ctx context.Context, r bus.Request[domain.Command]) error {
	_, err := h.desk.Do(ctx, r)
	return err
}

// stopTime bounds the shutdown of Postgres.
const stopTime = 30 * time.Second

// readModels starts a Postgres server with empty read models, of histories that hold nothing sealed. It returns the server's
// URL, too.
func (s *setup) readModels(ctx context.Context) (string, *projections.Database, error) {
	return s.readModelsWith(ctx, func(_ context.Context, _ events.OrganizationID, sealed events.Sealed) (string, error) {
		return string(sealed), nil
	})
}

// readModelsWith is readModels for histories whose texts open reads.
func (s *setup) readModelsWith(ctx context.Context, open projections.Opener) (string, *projections.Database, error) {
	cluster, err := postgres.Start(ctx, postgres.Config{Dir: filepath.Join(s.dir, "postgres")})
	if err != nil {
		return "", nil, err
	}
	s.cleanups = append(s.cleanups, func() error {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		return cluster.Stop(stopping)
	})
	database, err := projections.Open(ctx, cluster.URL(), open, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", nil, err
	}
	s.cleanup(database.Close)
	return cluster.URL(), database, nil
}
