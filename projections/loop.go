package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// Advisory locks, by which processes on one database agree.
const (
	projecting = 0x726f7374_01 // held by the one that projects
	rebuilding = 0x726f7374_02 // held by the one that rebuilds
)

// moved is what move_checkpoint raises where somebody else has moved it.
const moved = "RO001"

// Pauses before the projector goes on after a failure that passes.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = 2 * time.Second
)

// Project keeps the read models up with the ledger until the context ends, which
// is no error. Of several processes one projects while the others wait. It
// outlives the absence of Postgres, of the ledger and of the keyring, and ends
// with an error where a person is needed: a broken ledger, one that is not the
// ledger of these tables, an unknown event, a [*DriftError].
func (db *Database) Project(ctx context.Context, ledger *bus.Ledger) error {
	var kept fold
	for pause := firstPause; ; pause = min(2*pause, maxPause) {
		from := kept.at
		err := db.projectFor(ctx, ledger, &kept)
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // whoever ends the context wants no error of it
		case !temporary(err):
			return fmt.Errorf("project: %w", err)
		}
		if kept.at != from {
			pause = firstPause
		}
		db.log.WarnContext(ctx, "projecting was interrupted", "position", kept.at.Position, "error", err, "again_in", pause)
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return nil
		}
	}
}

// projectFor projects as long as one connection lasts, from where the tables are.
func (db *Database) projectFor(ctx context.Context, ledger *bus.Ledger, kept *fold) error {
	conn, err := db.connect(ctx, live)
	if err != nil {
		return fault(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock($1)`, int64(projecting)); err != nil {
		return fault(err)
	}
	at, err := checkpoint(ctx, conn, "checkpoint")
	if err != nil {
		return err
	}
	if *kept, err = kept.reach(ctx, ledger, at); err != nil {
		return err
	}
	db.advance(at.Position)
	p := &projector{fold: *kept, conn: conn, open: db.open, reached: db.advance}
	defer func() { *kept = p.fold }()
	return ledger.Follow(ctx, at, func(commits []events.Commit) error { return p.take(ctx, commits) })
}

// temporary tells what passes by itself from what needs a person.
func temporary(err error) bool {
	var sealed *sealedError
	var refused *pgconn.PgError
	if errors.As(err, &refused) && refused.Code == moved {
		return true
	}
	return passing(err) || errors.As(err, &sealed) || errors.Is(err, bus.ErrUnavailable)
}
