package main

import (
	"context"
	"log/slog"

	"github.com/nats-io/nats.go"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/receipt"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/projections"
)

// feedSubscribers lets subscribers in, and answers what they ask for; nil for a server without a feed.
type feedSubscribers struct {
	registry *subscriber.Registry
	service  *subscriber.Service
	conn     *nats.Conn
	broker   *broker
	log      *slog.Logger
}

// subscribers opens the registry. Subscribers are answered over a connection of their own, so that they hold up nothing
// else.
func (f *feedFlags) subscribers(ctx context.Context, b *broker, ledger *bus.Ledger, desk *api.Desk, database *projections.Database, log *slog.Logger) (*feedSubscribers, error) {
	if !f.Feed {
		return nil, nil
	}
	conn, err := b.connect(nats.Name("roster subscribers"))
	if err != nil {
		return nil, err
	}
	s := &feedSubscribers{conn: conn, broker: b, log: log}
	s.registry, err = oncePeersMeet(ctx, func() (*subscriber.Registry, error) { return subscriber.Open(ctx, conn, ledger.Replicas()) })
	if err == nil {
		s.service, err = subscriber.NewService(ctx, conn, subscriber.Config{
			Registry: s.registry, Ledger: ledger, View: desk.View, Entries: entries(desk, database), Log: log,
		})
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return s, nil
}

// entries finds the entries of an organization in the read models, once they have caught up.
func entries(desk *api.Desk, database *projections.Database) func(context.Context, events.OrganizationID, subscriber.Entry, int) ([]subscriber.Entry, error) {
	return func(ctx context.Context, org events.OrganizationID, after subscriber.Entry, limit int) ([]subscriber.Entry, error) {
		if err := database.Wait(ctx, desk.NewestPosition(org)); err != nil {
			return nil, err
		}
		found, err := database.EntryPositions(ctx, org, after.Version, after.At, limit)
		if err != nil {
			return nil, err
		}
		all := make([]subscriber.Entry, len(found))
		for i, at := range found {
			all[i] = subscriber.Entry(at)
		}
		return all, nil
	}
}

// registryOf returns who may read the feed; nil for a server without one.
func (s *feedSubscribers) registryOf() *subscriber.Registry {
	if s == nil {
		return nil
	}
	return s.registry
}

// receiptsOf returns how far replicas in other services have come; nil for a server without a feed.
func (s *feedSubscribers) receiptsOf() *receipt.Receipts {
	if s == nil {
		return nil
	}
	return s.registry.Receipts()
}

// run lets subscribers in and answers them until the context ends.
func (s *feedSubscribers) run(ctx context.Context) error {
	if s == nil {
		return nil
	}
	parts, alive := errgroup.WithContext(ctx)
	parts.Go(func() error { return s.service.Run(alive) })
	parts.Go(func() error { return s.registry.Watch(alive, s.letIn) })
	return parts.Wait()
}

// letIn lets these subscribers in to the NATS server in this process, and no others.
func (s *feedSubscribers) letIn(all []subscriber.Subscriber) error {
	if err := s.broker.admit(all); err != nil {
		s.log.Error("subscribers are not let in to the NATS server", "error", err)
	}
	return nil
}

func (s *feedSubscribers) close() {
	if s != nil {
		s.conn.Close()
	}
}
