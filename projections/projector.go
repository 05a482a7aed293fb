package projections

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/events"
)

// projector writes the tables of one schema, by a connection of its own. After an
// error it is not to be used again.
type projector struct {
	fold
	conn *pgx.Conn
	open Opener
	// reached is told how far the tables are.
	reached func(events.Position)
}

// DriftError says that a table is not what the ledger says it should be: somebody
// else has written to it, or a projector was wrong. Rebuild the read models.
type DriftError struct {
	Table string
	// Verb says what was to happen to Want rows; it happened to Got.
	Verb      string
	Want, Got int
}

func (e *DriftError) Error() string {
	return fmt.Sprintf("table %s has drifted from the ledger: %d rows were to be %s, it was %d; "+
		"make the read models anew with `roster rebuild`", e.Table, e.Want, e.Verb, e.Got)
}

// take writes commits, and works out what comes next while Postgres writes.
func (p *projector) take(ctx context.Context, commits []events.Commit) error {
	work, ctx := errgroup.WithContext(ctx)
	ready := make(chan written, 1)
	from := p.fold
	work.Go(func() error {
		defer close(ready)
		for _, some := range portions(commits) {
			w, err := from.write(ctx, some, p.open)
			if err != nil {
				return err
			}
			from = w.after
			select {
			case ready <- w:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	work.Go(func() error {
		for w := range ready {
			if err := w.batch.send(ctx, p.conn); err != nil {
				return err
			}
			p.fold = w.after
			p.reached(p.at.Position)
		}
		return nil
	})
	return work.Wait()
}

// written is a fold, with the statements that bring the tables there.
type written struct {
	after fold
	batch *batch
}

// write moves the tables and their checkpoint on, both or neither.
func (f fold) write(ctx context.Context, commits []events.Commit, open Opener) (written, error) {
	after, keys, log := f.step(commits)
	b := new(batch)
	b.Queue(`BEGIN`)
	b.Queue(`SELECT move_checkpoint($1, $2, $3, $4)`, place64(f.at), f.at.Hash[:], place64(after.at), after.at.Hash[:])
	for _, m := range models {
		if err := m.write(ctx, b, open, step{f.state, after.state, keys}); err != nil {
			return written{}, err
		}
	}
	audit.put(b, log)
	return written{after, b}, nil
}

// place64 is a position as Postgres has it.
func place64(at events.Checkpoint) int64 { return int64(at.Position) } //nolint:gosec // no ledger gets that long

// unchecked is how many statements stand before those whose rows are counted.
const unchecked = 2

// send executes everything in one round trip, then commits what affected the rows
// that it should have.
func (b *batch) send(ctx context.Context, conn *pgx.Conn) error {
	results := conn.SendBatch(ctx, &b.Batch)
	err := b.check(results)
	if closed := results.Close(); err == nil {
		err = closed
	}
	if err == nil {
		_, err = conn.Exec(ctx, `COMMIT`)
	}
	return err
}

func (b *batch) check(results pgx.BatchResults) error {
	for range unchecked {
		if _, err := results.Exec(); err != nil {
			return err
		}
	}
	for _, e := range b.expected {
		done, err := results.Exec()
		if err != nil {
			return fmt.Errorf("%s: %w", e.table, err)
		}
		if got := int(done.RowsAffected()); got != e.rows {
			return &DriftError{Table: e.table, Verb: e.verb, Want: e.rows, Got: got}
		}
	}
	return nil
}
