package projections

import (
	"cmp"
	"context"
	"errors"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
)

// checkpointWaiter knows how far in the ledger some tables are, and lets readers wait for a
// position.
type checkpointWaiter struct {
	*tables

	table string

	mu      sync.Mutex
	reached events.Position
	changed chan struct{}
	asking  sync.Mutex    // held by the one waiter that asks
	waiting chan struct{} // holds a value if somebody may wait
}

// querier is a connection, or a pool of them.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func newCheckpointWaiter(of *tables, table string) *checkpointWaiter {
	return &checkpointWaiter{tables: of, table: table, changed: make(chan struct{}), waiting: make(chan struct{}, 1)}
}

// checkpoint reads the only row of a table of checkpoints.
func checkpoint(ctx context.Context, db querier, table string) (at events.Checkpoint, err error) {
	var hash []byte
	err = db.QueryRow(ctx, `SELECT position, hash FROM `+table).Scan(&at.Position, &hash)
	copy(at.Hash[:], hash)
	return at, err
}

// Checkpoint asks the database how far it is.
func (w *checkpointWaiter) Checkpoint(ctx context.Context) (events.Checkpoint, error) {
	at, err := checkpoint(ctx, w.pool, w.table)
	if err == nil {
		w.advance(at.Position)
	}
	return at, w.fault(err)
}

// Position returns the newest position known to have been reached, without asking
// the database.
func (w *checkpointWaiter) Position() events.Position {
	position, _ := w.now()
	return position
}

// askEvery is how often a waiter asks, in case another process does the work.
const askEvery = 20 * time.Millisecond

// Wait returns once a position has been reached. It is cheap when it has, or when
// this process does the work; otherwise one waiter at a time asks the database. If it
// fails while the tables are known to be damaged, it does so with a [DamageError].
func (w *checkpointWaiter) Wait(ctx context.Context, position events.Position) error {
	if w.Position() >= position {
		return nil
	}
	select {
	case w.waiting <- struct{}{}:
	default:
	}
	ask := time.NewTicker(askEvery)
	defer ask.Stop()
	for {
		now, changed := w.now()
		if now >= position {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return cmp.Or(w.knownDamage(), ctx.Err())
		case <-ask.C:
			if !w.asking.TryLock() {
				continue
			}
			_, err := w.Checkpoint(ctx)
			w.asking.Unlock()
			if err != nil {
				return cmp.Or(w.knownDamage(), err)
			}
		}
	}
}

// writeEvery is the least time between the beginnings of two transactions that nobody
// waits for.
const writeEvery = 5 * time.Millisecond

// pause returns once writeEvery has passed since the beginning of a transaction, or as
// soon as somebody waits: what comes in meanwhile shares the next transaction. One for each
// commit would take more time than the commit itself.
func (w *checkpointWaiter) pause(ctx context.Context, began time.Time) {
	left := time.Until(began.Add(writeEvery))
	if left <= 0 {
		return
	}
	over := time.NewTimer(left)
	defer over.Stop()
	select {
	case <-over.C:
	case <-w.waiting:
	case <-ctx.Done():
	}
}

func (w *checkpointWaiter) now() (events.Position, <-chan struct{}) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.reached, w.changed
}

func (w *checkpointWaiter) advance(to events.Position) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if to > w.reached {
		w.reached = to
		close(w.changed)
		w.changed = make(chan struct{})
	}
}

// move has a batch move the checkpoint of a channel forwards.
func (w *checkpointWaiter) move(b *batch, through events.Checkpoint) {
	b.Queue(`UPDATE `+w.table+` SET position = $1, hash = $2 WHERE position < $1`, position64(through), through.Hash[:])
}

// rejoin sets the checkpoint of a channel to the end of a ledger that does not contain the
// old checkpoint: after a restore, the channel has notices of more than this ledger holds.
func (w *checkpointWaiter) rejoin(ctx context.Context, ledger *bus.Ledger) error {
	at, err := w.Checkpoint(ctx)
	if err != nil {
		return err
	}
	err = ledger.Check(ctx, at)
	if _, broken := errors.AsType[*bus.BrokenError](err); !broken {
		return err
	}
	end, err := ledger.End(ctx)
	if err != nil {
		return err
	}
	_, err = w.pool.Exec(ctx, `UPDATE `+w.table+` SET position = $1, hash = $2`, position64(end), end.Hash[:])
	return w.fault(err)
}
