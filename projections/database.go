package projections

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/migrations"
)

// Opener reads what was sealed about a person; a forgotten person reads as empty. It fails with
// [events.ErrUnreadable] if a key is missing though nobody was forgotten.
type Opener func(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error)

// Database is the read models in Postgres. Its methods may be used from many
// goroutines.
type Database struct {
	*checkpointWaiter
	url    string
	open   Opener
	log    *slog.Logger
	inbox  *Inbox
	outbox *Outbox
}

// startTimeout is how long Open waits for a server that is starting, in all.
const startTimeout = 30 * time.Second

// Open connects and brings the tables up to date. It waits for a server that is starting, half
// a minute at most. It fails where [migrations.Up] does, and with [migrations.ErrNewer] if names
// are ordered by a newer version of Unicode. Tables that are damaged do not fail it, so that
// [Database.Rebuild] can mend them; see [Database.Checkpoint] and Damage.
func Open(ctx context.Context, url string, open Opener, log *slog.Logger) (*Database, error) {
	err := retry.Do(ctx, retry.WithMaxDuration(startTimeout, retry.NewConstant(firstPause)), func(ctx context.Context) error {
		err := migrations.Up(ctx, url)
		if starting(err) {
			return retry.RetryableError(err)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("open the read models: %w", err)
	}
	use(config.ConnConfig, live)
	// To plan a list takes longer than to read a page of it, so it is planned once for each
	// connection, whatever the parameters; searches are planned each time, see query. The
	// tables may still be empty then: the plan must use their indexes nevertheless.
	config.ConnConfig.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	config.ConnConfig.RuntimeParams["enable_seqscan"] = "off"
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open the read models: %w", err)
	}
	models := newTables(pool, live, damagedModels, log)
	inbox := newTables(pool, "roster_inbox", damagedInbox, log)
	db := &Database{checkpointWaiter: newCheckpointWaiter(models, "checkpoint"), url: url, open: open, log: log}
	db.inbox = &Inbox{checkpointWaiter: newCheckpointWaiter(inbox, "roster_inbox.checkpoint")}
	outbox := newTables(pool, "roster_outbox", damagedOutbox, log)
	db.outbox = &Outbox{newCheckpointWaiter(outbox, "roster_outbox.checkpoint")}
	if err := db.begin(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// begin finds out how far the tables are, as far as they can be read.
func (db *Database) begin(ctx context.Context) error {
	for _, w := range []*checkpointWaiter{db.checkpointWaiter, db.inbox.checkpointWaiter, db.outbox.checkpointWaiter} {
		if err := w.identify(ctx); err != nil {
			return err
		}
	}
	err := upgradeCollation(ctx, db.pool)
	for _, w := range []*checkpointWaiter{db.checkpointWaiter, db.inbox.checkpointWaiter} {
		if err == nil || damaged(err) {
			_, err = w.Checkpoint(ctx)
		}
	}
	if damaged(err) {
		return nil // remembered
	}
	return err
}

// Close ends every connection that is not in use by [Database.Project] or
// [Database.Rebuild]; end those first.
func (db *Database) Close() { db.pool.Close() }

// Ping makes a connection of its own and ends it. It fails if Postgres cannot be reached.
func (db *Database) Ping(ctx context.Context) error {
	conn, err := db.connect(ctx, live)
	if err != nil {
		return fault(err)
	}
	return fault(conn.Close(ctx))
}

// ServerTime returns the time of the server.
func (db *Database) ServerTime(ctx context.Context) (now time.Time, err error) {
	err = db.pool.QueryRow(ctx, `SELECT clock_timestamp()`).Scan(&now)
	return now, fault(err)
}

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
