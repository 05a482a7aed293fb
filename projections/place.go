package projections

import (
	"context"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// place is how far in the ledger some tables are: what is known without asking,
// and the table that tells.
type place struct {
	db    querier
	table string

	mu      sync.Mutex
	reached events.Position
	changed chan struct{}
	asking  sync.Mutex // held by the one waiter that asks
}

// querier is a connection, or a pool of them.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

func newPlace(db querier, table string) *place {
	return &place{db: db, table: table, changed: make(chan struct{})}
}

// checkpoint reads the only row of a table of checkpoints.
func checkpoint(ctx context.Context, db querier, table string) (at events.Checkpoint, err error) {
	var hash []byte
	err = db.QueryRow(ctx, `SELECT position, hash FROM `+table).Scan(&at.Position, &hash)
	copy(at.Hash[:], hash)
	return at, fault(err)
}

// Checkpoint asks the database how far it is.
func (p *place) Checkpoint(ctx context.Context) (events.Checkpoint, error) {
	at, err := checkpoint(ctx, p.db, p.table)
	if err == nil {
		p.advance(at.Position)
	}
	return at, err
}

// Position returns the newest position known to have been reached, without asking
// the database.
func (p *place) Position() events.Position {
	position, _ := p.now()
	return position
}

// askEvery is how often a waiter asks, in case another process does the work.
const askEvery = 20 * time.Millisecond

// Wait returns once a position has been reached. It is cheap when it has, or when
// this process does the work; otherwise one waiter at a time asks the database.
func (p *place) Wait(ctx context.Context, position events.Position) error {
	if p.Position() >= position {
		return nil
	}
	ask := time.NewTicker(askEvery)
	defer ask.Stop()
	for {
		now, changed := p.now()
		if now >= position {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		case <-ask.C:
			if !p.asking.TryLock() {
				continue
			}
			_, err := p.Checkpoint(ctx)
			p.asking.Unlock()
			if err != nil {
				return err
			}
		}
	}
}

func (p *place) now() (events.Position, <-chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.reached, p.changed
}

func (p *place) advance(to events.Position) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if to > p.reached {
		p.reached = to
		close(p.changed)
		p.changed = make(chan struct{})
	}
}
