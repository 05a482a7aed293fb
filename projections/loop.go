package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/internal/backoff"
)

// Advisory locks, by which processes on one database agree.
const (
	projecting = 0x726f7374_01 // held by the one that projects
	rebuilding = 0x726f7374_02 // held by the one that rebuilds
	alone      = 0x726f7374_04 // held by the one that [Database.Alone] lets work
)

// moved is the error code that move_checkpoint raises if another process moved the
// checkpoint.
const moved = "RO001"

// Pauses before the projector goes on after a failure that passes.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = 2 * time.Second
)

// Project keeps the read models up to date with a desk's state until the context
// ends, which is no error. Of several processes one projects while the others wait.
//
// Project goes on when Postgres, the ledger or the keyring comes back, and when damaged
// tables have been made anew. It ends with
// an error if a person is needed: for a broken ledger, one that is not the ledger of
// these tables, tables of a newer program, an unknown event, or a [*DriftError].
func (db *Database) Project(ctx context.Context, follower *bus.Follower[domain.Roster]) error {
	err := backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (advanced bool, err error) {
		from := db.Position()
		err = db.projectFor(ctx, follower)
		if damaged(err) {
			return false, retry.RetryableError(db.fault(err))
		}
		if ctx.Err() != nil || !temporary(err) {
			return false, err
		}
		db.log.WarnContext(ctx, "projecting was interrupted", "position", db.Position(), "error", err)
		return db.Position() > from, retry.RetryableError(err)
	})
	if ctx.Err() != nil {
		return nil //nolint:nilerr // whoever ends the context wants no error of it
	}
	return fmt.Errorf("project: %w", err)
}

// projectFor projects as long as one connection lasts, from where the tables are.
func (db *Database) projectFor(ctx context.Context, follower *bus.Follower[domain.Roster]) error {
	conn, err := db.connect(ctx, live)
	if err != nil {
		return fault(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(projecting)); err != nil {
		return fault(err)
	}
	if err := checkCollation(ctx, conn); err != nil {
		return err
	}
	at, err := checkpoint(ctx, conn, "checkpoint")
	if err != nil {
		return fault(err)
	}
	if err := db.identify(ctx); err != nil {
		return err
	}
	db.advance(at.Position)
	p := &projector{conn: conn, open: db.open, reached: db.advance}
	return follower.Follow(ctx, at, func(s bus.Step[domain.Roster]) error {
		began := time.Now()
		if err := p.take(ctx, s); err != nil {
			return err
		}
		db.pause(ctx, began)
		return nil
	})
}

// temporary reports whether an error passes by itself, so that nobody is needed.
func temporary(err error) bool {
	var sealed *sealedError
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == moved {
		return true
	}
	return passing(err) || errors.As(err, &sealed) || errors.Is(err, bus.ErrUnavailable)
}
