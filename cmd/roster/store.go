package main

import (
	"context"
	"log/slog"
	"time"

	"github.com/seed-2026d078/roster/internal/postgres"
)

// stopTime is how long a part may take to stop in order.
const stopTime = 15 * time.Second

// store is the PostgreSQL server that keeps the read models: a private one, or
// another one.
type store struct {
	url string
	own *postgres.Cluster
}

// startStore starts a private server in the data directory. Unsynced, a power failure
// may destroy its data.
func startStore(ctx context.Context, d *dataDirectory, unsynced bool, log *slog.Logger) (*store, error) {
	cluster, err := postgres.Start(ctx, postgres.Config{Dir: d.path("postgres"), Disposable: unsynced, Log: log})
	if err != nil {
		return nil, err
	}
	return &store{url: cluster.URL(), own: cluster}, nil
}

// close stops a private server. It returns what went wrong, which loses nothing:
// the next start recovers.
func (s *store) close(ctx context.Context) error {
	if s.own == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	return s.own.Stop(ctx)
}
