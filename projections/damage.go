package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// DamageError says that Postgres has met a table or an index whose pages are damaged, or whose
// file is gone. It does not pass by itself.
type DamageError struct {
	// Suggestion says what is damaged and how it is mended. It names nothing of the database.
	Suggestion string
	// Err is what Postgres says.
	Err error
}

func (e *DamageError) Error() string { return fmt.Sprintf("%s: %v", e.Suggestion, e.Err) }
func (e *DamageError) Unwrap() error { return e.Err }

// What is said of damaged tables.
const (
	damagedModels = "the read models are damaged; they are made anew from the ledger"
	damagedInbox  = "the notifications are damaged, and the ledger does not hold which were shown: bring back a copy of the database, " +
		"or take an empty one (move the directory postgres/ away), which the ledger fills"
	damagedOutbox = "the mails to be sent are damaged, and the ledger does not hold which were sent: bring back a copy of the database, " +
		"or take an empty one (move the directory postgres/ away), which the ledger fills; mails that were not sent are lost then"
)

// damaged reports whether an error is a damaged page, a damaged index or a file that is gone.
// Other internal errors (XX000) are none: a list gets one if a rebuild drops its tables.
func damaged(err error) bool {
	const dataCorrupted, indexCorrupted, undefinedFile = "XX001", "XX002", "58P01"
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return ok && slices.Contains([]string{dataCorrupted, indexCorrupted, undefinedFile}, refused.Code)
}

// tables are those of one schema. They remember that they are damaged until the schema is
// another one, as after a rebuild.
type tables struct {
	pool       *pgxpool.Pool
	schema     string
	suggestion string // of damage that has just been found
	log        *slog.Logger
	found      chan struct{} // holds a value after damage was found

	mu     sync.Mutex
	oid    uint32 // of the schema
	damage *DamageError
}

func newTables(pool *pgxpool.Pool, schema, suggestion string, log *slog.Logger) *tables {
	return &tables{pool: pool, schema: schema, suggestion: suggestion, log: log, found: make(chan struct{}, 1)}
}

// fault is like the function of this name, and remembers damage.
func (t *tables) fault(err error) error {
	if !damaged(err) {
		return fault(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.damage == nil {
		t.damage = &DamageError{t.suggestion, err}
		t.log.Error("tables are damaged", "what_to_do", t.suggestion, "error", err)
		select {
		case t.found <- struct{}{}:
		default:
		}
	}
	return &DamageError{t.damage.Suggestion, err}
}

// suggest replaces what is suggested for the damage that is known.
func (t *tables) suggest(suggestion string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.damage != nil {
		t.damage = &DamageError{suggestion, t.damage.Err}
	}
}

// waitForDamage returns once damage is known, or with the error of the context.
func (t *tables) waitForDamage(ctx context.Context) error {
	for t.Damage(ctx) == nil {
		select {
		case <-t.found:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return ctx.Err()
}

// identify forgets the damage if the schema is another one than before.
func (t *tables) identify(ctx context.Context) error {
	var oid uint32
	if err := t.pool.QueryRow(ctx, `SELECT $1::text::regnamespace::oid`, t.schema).Scan(&oid); err != nil {
		return t.fault(err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if oid != t.oid {
		t.oid, t.damage = oid, nil
	}
	return nil
}

// Damage returns a [DamageError] if the tables were found damaged, by whatever asked or wrote,
// and have not been made anew since; otherwise nil. It does not look for damage.
func (t *tables) Damage(ctx context.Context) error {
	if t.knownDamage() == nil {
		return nil
	}
	_ = t.identify(ctx) // while nobody knows better, they are damaged
	return t.knownDamage()
}

func (t *tables) knownDamage() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.damage == nil {
		return nil
	}
	return t.damage
}
