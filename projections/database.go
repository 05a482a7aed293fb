package projections

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/migrations"
)

// Opener reads what was sealed about a person; a forgotten person reads as empty.
type Opener func(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error)

// Errors that callers tell apart.
var (
	// ErrUnavailable says that Postgres cannot be reached, or is busy restarting.
	ErrUnavailable = errors.New("the read models are out of reach, try again soon")
	// ErrNotFound says that there is no such row.
	ErrNotFound = errors.New("there is no such thing in the read models")
	// ErrBadCursor says that a page was asked for with a cursor that no page gave.
	ErrBadCursor = errors.New("the cursor is none that a page gave: take it from the page before, unchanged")
)

// Database is the read models in Postgres. Its methods may be used from many
// goroutines.
type Database struct {
	*checkpointWaiter
	url   string
	pool  *pgxpool.Pool
	open  Opener
	log   *slog.Logger
	inbox *Inbox
}

// Open connects and brings the tables up to date. What [migrations.Up] refuses,
// it refuses.
func Open(ctx context.Context, url string, open Opener, log *slog.Logger) (*Database, error) {
	if err := migrations.Up(ctx, url); err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open the read models: %w", err)
	}
	use(config.ConnConfig, live)
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the read models: %w", err)
	}
	db := &Database{checkpointWaiter: newCheckpointWaiter(pool, "checkpoint"), url: url, pool: pool, open: open, log: log}
	db.inbox = &Inbox{newCheckpointWaiter(pool, "roster_inbox.checkpoint"), db}
	for _, w := range []*checkpointWaiter{db.checkpointWaiter, db.inbox.checkpointWaiter} {
		if _, err := w.Checkpoint(ctx); err != nil {
			pool.Close()
			return nil, err
		}
	}
	return db, nil
}

// Close ends every connection that is not in use by [Database.Project] or
// [Database.Rebuild]; end those first.
func (db *Database) Close() { db.pool.Close() }

// The schemas of the read models: those in use, and those being built beside.
const (
	live   = "roster"
	shadow = "roster_next"
	former = "roster_old"
)

// use makes connections find a schema, and not compile statements that take less
// time than that.
func use(config *pgx.ConnConfig, schema string) {
	config.RuntimeParams["search_path"] = schema + ", public"
	config.RuntimeParams["jit"] = "off"
}

// connect opens a connection of its own, outside of the pool, on one schema.
func (db *Database) connect(ctx context.Context, schema string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(db.url)
	if err != nil {
		return nil, err
	}
	use(config, schema)
	// Writes find rows by key. The statistics of tables that have just begun to
	// fill must not tell otherwise.
	config.RuntimeParams["enable_seqscan"] = "off"
	return pgx.ConnectConfig(ctx, config)
}

// fault marks the errors that pass by themselves.
func fault(err error) error {
	switch {
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, pgx.ErrNoRows):
		return ErrNotFound
	case passing(err):
		return fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return fmt.Errorf("read models: %w", err)
}

// passing tells whether an error comes from the connection, or from a server that
// is stopping, starting or full, rather than from what was asked of it.
func passing(err error) bool {
	var refused *pgconn.PgError
	var unconnected *pgconn.ConnectError
	var network *net.OpError
	switch {
	case errors.As(err, &refused):
		return slices.Contains([]string{"08", "40", "53", "57", "58"}, refused.Code[:2])
	case errors.As(err, &unconnected), errors.As(err, &network), pgconn.SafeToRetry(err):
		return true
	}
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}
