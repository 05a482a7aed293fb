package projections

import (
	"context"
	"errors"

	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/internal/backoff"
)

// Alone calls do while no other process on the database is in a call of Alone, and reports whether it did.
func (db *Database) Alone(ctx context.Context, do func(context.Context) error) (bool, error) {
	conn, err := db.connect(ctx, live)
	if err != nil {
		return false, fault(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var held bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(alone)).Scan(&held); err != nil || !held {
		return false, fault(err)
	}
	// The server notices the end of a connection a little later, and whoever comes next must not be refused.
	defer conn.Exec(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(alone)) //nolint:errcheck // that is late enough, then
	return true, do(ctx)
}

// errNotAlone says that another process works.
var errNotAlone = errors.New("another process on this database works")

// InTurn calls do as [Database.Alone] does, and waits until it can.
func (db *Database) InTurn(ctx context.Context, do func(context.Context) error) error {
	var done error
	err := backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		did, err := db.Alone(ctx, func(ctx context.Context) error {
			done = do(ctx)
			return nil
		})
		if err == nil && !did {
			return false, retry.RetryableError(errNotAlone)
		}
		return false, err
	})
	if err != nil {
		return err
	}
	return done
}
