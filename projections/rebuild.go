package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/migrations"
)

// errRebuilding says that the read models are being made anew already.
var errRebuilding = errors.New("another process is rebuilding these read models, as `serve` does by itself when they are damaged: wait until it is done")

// Rebuild makes the read models anew from the ledger, beside those in use, and
// swaps them, while reads and a projector go on. It mends tables that are damaged. The inbox keeps its notifications, the outbox its mails, and
// each its checkpoint unless that is not one of this ledger. If a key to personal data is missing,
// Rebuild fails with [events.ErrUnreadable], and the old read models stay. Rebuild calls progress, which may
// be nil, with the number of commits.
func (db *Database) Rebuild(ctx context.Context, ledger *bus.Ledger, progress func(done, total events.Position)) error {
	if err := db.rebuild(ctx, ledger, progress); err != nil {
		return fmt.Errorf("rebuild: %w", err)
	}
	if err := db.inbox.rejoin(ctx, ledger); err != nil {
		return fmt.Errorf("rebuild: find a place for the inbox: %w", err)
	}
	if err := db.outbox.rejoin(ctx, ledger); err != nil && !errors.Is(err, ErrNotFound) { // there is none before mail has begun
		return fmt.Errorf("rebuild: find a place for the outbox: %w", err)
	}
	return nil
}

func (db *Database) rebuild(ctx context.Context, ledger *bus.Ledger, progress func(done, total events.Position)) (err error) {
	conn, err := db.connect(ctx, shadow)
	if err != nil {
		return fault(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var alone bool
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(rebuilding)).Scan(&alone)
	switch {
	case err != nil:
		return fault(err)
	case !alone:
		return errRebuilding
	}
	// The server notices the end of a connection a little later.
	defer conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(rebuilding)) //nolint:errcheck // that is late enough, then
	for _, leftover := range []string{shadow, former} {
		if err := drop(ctx, conn, leftover); err != nil {
			return err
		}
	}
	if _, err := conn.Exec(ctx, `CREATE SCHEMA `+shadow); err != nil {
		return err
	}
	for _, tables := range migrations.Tables() {
		if _, err := conn.Exec(ctx, tables); err != nil {
			return err
		}
	}
	if _, err := conn.Exec(ctx, `UPDATE checkpoint SET collation_version = $1`, collation.Version()); err != nil {
		return err
	}
	l := &loader{conn: conn, open: db.open, sortNames: map[memberKey]sortKey{}}
	view, err := l.loadLedger(ctx, ledger, progress)
	if err != nil {
		return err
	}
	if err := db.index(ctx, conn, l.tables); err != nil {
		return err
	}
	p := &projector{conn: conn, open: db.open, strict: true, reached: func(events.Position) {}}
	if err := db.swap(ctx, ledger, p, &view); err != nil {
		return err
	}
	db.advance(view.Position)
	return drop(ctx, conn, former)
}

// loadLedger fills the tables up to the present end of the ledger.
func (l *loader) loadLedger(ctx context.Context, ledger *bus.Ledger, progress func(done, total events.Position)) (bus.View[domain.Roster], error) {
	end, err := ledger.End(ctx)
	if err != nil {
		return bus.View[domain.Roster]{}, err
	}
	var view bus.View[domain.Roster]
	var log auditLog
	if end.Position > 0 {
		err = ledger.Read(ctx, events.Checkpoint{}, end.Position, func(commits []events.Commit) error {
			log.addCommits(view.State, commits)
			next, err := view.Fold(commits)
			if err != nil {
				return err
			}
			view = next
			if progress != nil {
				progress(view.Position, end.Position)
			}
			if len(log.events) < copyRows {
				return nil
			}
			return log.copy(ctx, l)
		})
	}
	if err != nil {
		return bus.View[domain.Roster]{}, err
	}
	if err := log.copy(ctx, l); err != nil {
		return bus.View[domain.Roster]{}, err
	}
	l.tables = append(l.tables, audit.name, auditSubjects.name)
	for _, m := range models {
		if err := m.load(ctx, l, view.State); err != nil {
			return bus.View[domain.Roster]{}, err
		}
	}
	_, err = l.conn.Exec(ctx, `SELECT move_checkpoint(0, $1, $2, $3)`, make([]byte, len(events.Hash{})), position64(view.Checkpoint), view.Hash[:])
	return view, err
}

// copy writes the rows of the log and empties it.
func (l *auditLog) copy(ctx context.Context, to *loader) error {
	if err := audit.copy(ctx, to, l.events); err != nil {
		return err
	}
	if err := auditSubjects.copy(ctx, to, l.subjects); err != nil {
		return err
	}
	l.events, l.subjects = l.events[:0], l.subjects[:0]
	return nil
}

// index makes the indexes, two tables at a time.
func (db *Database) index(ctx context.Context, conn *pgx.Conn, tables []string) error {
	work, each := errgroup.WithContext(ctx)
	work.SetLimit(2)
	for _, ofTable := range migrations.Indexes() {
		work.Go(func() error {
			conn, err := db.connect(each, shadow)
			if err != nil {
				return err
			}
			defer conn.Close(context.WithoutCancel(each))
			_, err = conn.Exec(each, ofTable)
			return err
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, `VACUUM (ANALYZE) `+comma(tables))
	return err
}

// swap brings the new tables, which are at a view, up to date and replaces the old ones by
// them. It locks the old checkpoint, so no projector writes meanwhile. One that tries
// finds the checkpoint set back, and starts again on the new tables.
func (db *Database) swap(ctx context.Context, ledger *bus.Ledger, p *projector, view *bus.View[domain.Roster]) error {
	catchUp := func() error {
		return ledger.Read(ctx, view.Checkpoint, 0, func(commits []events.Commit) error {
			after, err := view.Fold(commits)
			if err != nil {
				return err
			}
			if err := p.take(ctx, bus.Step[domain.Roster]{Before: *view, Commits: commits, After: after}); err != nil {
				return err
			}
			*view = after
			return nil
		})
	}
	if err := catchUp(); err != nil {
		return err
	}
	holder, err := db.connect(ctx, live)
	if err != nil {
		return err
	}
	defer holder.Close(context.WithoutCancel(ctx))
	return pgx.BeginFunc(ctx, holder, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `LOCK TABLE checkpoint IN EXCLUSIVE MODE`); err != nil {
			return err
		}
		if err := catchUp(); err != nil {
			return err
		}
		// A checkpoint that is damaged stays: no projector can move it either.
		err := pgx.BeginFunc(ctx, tx, func(savepoint pgx.Tx) error {
			_, err := savepoint.Exec(ctx, `UPDATE checkpoint SET position = -1`)
			return err
		})
		if err != nil && !damaged(err) {
			return err
		}
		_, err = tx.Exec(ctx, fmt.Sprintf(`ALTER SCHEMA %s RENAME TO %s; ALTER SCHEMA %s RENAME TO %s`,
			live, former, shadow, live))
		return err
	})
}

// drop removes a schema without getting in the way of those who still read it.
func drop(ctx context.Context, conn *pgx.Conn, schema string) error {
	for {
		// Shorter than deadlock_timeout, so that it is never a reader who has to
		// give way.
		_, err := conn.Exec(ctx, `BEGIN; SET LOCAL lock_timeout = '100ms'; DROP SCHEMA IF EXISTS `+schema+` CASCADE; COMMIT`)
		var refused *pgconn.PgError
		if !errors.As(err, &refused) || refused.Code != "55P03" {
			return err
		}
		if _, err := conn.Exec(ctx, `ROLLBACK`); err != nil {
			return err
		}
		select {
		case <-time.After(firstPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
