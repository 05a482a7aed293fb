package projections

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// projector writes the tables of one schema with a connection of its own. After an
// error it must not be used again.
type projector struct {
	conn *pgx.Conn
	open Opener
	// reached is called with the position of the tables.
	reached func(events.Position)
}

// take brings the tables from the beginning of a step to its end, in portions. While
// Postgres writes one, the next is computed.
func (p *projector) take(ctx context.Context, s bus.Step[domain.Roster]) error {
	work, ctx := errgroup.WithContext(ctx)
	ready := make(chan portion, 1)
	work.Go(func() error {
		defer close(ready)
		before := s.Before
		for _, commits := range divide(s.Commits) {
			next, err := p.compute(ctx, before, commits, s.After)
			if err != nil {
				return err
			}
			before = next.after
			select {
			case ready <- next:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	work.Go(func() error {
		for next := range ready {
			if err := next.send(ctx, p.conn); err != nil {
				return err
			}
			p.reached(next.after.Position)
		}
		return nil
	})
	return work.Wait()
}

// portion is the statements that bring the tables to a view.
type portion struct {
	after bus.View[domain.Roster]
	batch *batch
	// log is the rows of the audit log that are copied after the statements, in the same
	// transaction.
	log []auditRow
}

// copyFrom is the number of rows from which the audit log is copied. COPY writes rows faster
// than a statement, but takes two more round trips.
const copyFrom = 500

// compute returns the statements for commits, which are a part of a step that ends
// with a view. They move the tables and their checkpoint, both or neither.
func (p *projector) compute(ctx context.Context, before bus.View[domain.Roster], commits []events.Commit, end bus.View[domain.Roster]) (portion, error) {
	after, keys, log := changes(before, commits)
	if after.Checkpoint == end.Checkpoint {
		after = end // the same state, but the desk's own: one state in memory
	}
	b := new(batch)
	b.Queue(`BEGIN`)
	b.Queue(`SELECT move_checkpoint($1, $2, $3, $4)`, position64(before.Checkpoint), before.Hash[:], position64(after.Checkpoint), after.Hash[:])
	for _, m := range models {
		if err := m.write(ctx, b, p.open, step{before.State, after.State, keys}); err != nil {
			return portion{}, err
		}
	}
	if len(log) < copyFrom {
		audit.put(b, log)
		log = nil
	}
	return portion{after, b, log}, nil
}

// position64 returns a position as the signed number that Postgres stores.
func position64(at events.Checkpoint) int64 { return int64(at.Position) } //nolint:gosec // no ledger gets that long

// unchecked is how many statements stand before those whose rows are counted.
const unchecked = 2

// send executes all statements in one round trip and copies the rest, then commits what
// affected the rows that it should have.
func (p *portion) send(ctx context.Context, conn *pgx.Conn) error {
	results := conn.SendBatch(ctx, &p.batch.Batch)
	err := p.batch.check(results)
	if closed := results.Close(); err == nil {
		err = closed
	}
	if err == nil && len(p.log) > 0 {
		err = audit.copy(ctx, &loader{conn: conn}, p.log)
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
