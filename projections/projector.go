package projections

import (
	"context"

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
	// strict is that of its steps.
	strict bool
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
}

// compute returns the statements for commits, which are a part of a step that ends
// with a view. They move the tables and their checkpoint, both or neither.
func (p *projector) compute(ctx context.Context, before bus.View[domain.Roster], commits []events.Commit, end bus.View[domain.Roster]) (portion, error) {
	after, keys, log := changes(before, commits)
	if after.Checkpoint == end.Checkpoint {
		after = end // the same state, but the desk's own: one state in memory
	}
	b := new(batch)
	b.expect(expectation{"", "begun", 0}, `BEGIN`)
	b.expect(expectation{"checkpoint", "moved", 1}, `SELECT move_checkpoint($1, $2, $3, $4)`,
		position64(before.Checkpoint), before.Hash[:], position64(after.Checkpoint), after.Hash[:])
	for _, m := range models {
		if err := m.write(ctx, b, p.open, step{before.State, after.State, keys, p.strict}); err != nil {
			return portion{}, err
		}
	}
	audit.add(b, log.events)
	auditSubjects.add(b, log.subjects)
	return portion{after, b}, nil
}

// position64 returns a position as the signed number that Postgres stores.
func position64(at events.Checkpoint) int64 { return int64(at.Position) } //nolint:gosec // no ledger gets that long

// opening is the number of statements that open the transaction.
const opening = 2

// send writes a portion. The statements take one round trip if nothing is copied. It commits
// only if each affected the rows that it should have.
func (p *portion) send(ctx context.Context, conn *pgx.Conn) error {
	done := 0
	if len(p.batch.copies) > 0 {
		done = opening
		if err := p.batch.execute(ctx, conn, 0, opening); err != nil {
			return err
		}
	}
	for _, write := range p.batch.copies {
		if err := write(ctx, conn); err != nil {
			return err
		}
	}
	if err := p.batch.execute(ctx, conn, done, p.batch.Len()); err != nil {
		return err
	}
	_, err := conn.Exec(ctx, `COMMIT`)
	return err
}
