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

// house is a ledger on a server of its own that syncs every write, and the desk in
// front of it.
type house struct {
	conn   *nats.Conn
	ledger *bus.Ledger
	desk   *bus.Desk[domain.Roster, domain.Command] // nil until it is opened
}

// ledger starts a server with an empty ledger.
func (s *stage) ledger(ctx context.Context) (*house, error) {
	server, err := natsserver.Start(natsserver.Config{Dir: filepath.Join(s.dir, "nats")})
	if err != nil {
		return nil, err
	}
	s.after(server.Shutdown)
	conn, err := server.Connect()
	if err != nil {
		return nil, err
	}
	s.after(conn.Close)
	ledger, err := bus.Open(ctx, conn, bus.OpenConfig{Synced: true})
	return &house{conn: conn, ledger: ledger}, err
}

// house is a ledger with the history of a company, and a desk that decides for it.
func (s *stage) house(ctx context.Context, c company) (*house, error) {
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
	s.runs(ctx, h.desk.Run)
	return h, nil
}

// do gives a command and waits until it is durable.
func (h *house) do(ctx context.Context, r bus.Request[domain.Command]) error {
	_, err := h.desk.Do(ctx, r)
	return err
}

// stopTime is how long Postgres may take to stop in order.
const stopTime = 30 * time.Second

// readModels starts a Postgres server with empty read models and returns its
// address with them. Nothing in the histories here is sealed.
func (s *stage) readModels(ctx context.Context) (string, *projections.Database, error) {
	cluster, err := postgres.Start(ctx, postgres.Config{Dir: filepath.Join(s.dir, "postgres")})
	if err != nil {
		return "", nil, err
	}
	s.strike = append(s.strike, func() error {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
		defer cancel()
		return cluster.Stop(stopping)
	})
	plain := func(_ context.Context, _ events.OrganizationID, sealed events.Sealed) (string, error) {
		return string(sealed), nil
	}
	database, err := projections.Open(ctx, cluster.URL(), plain, slog.New(slog.DiscardHandler))
	if err != nil {
		return "", nil, err
	}
	s.after(database.Close)
	return cluster.URL(), database, nil
}
