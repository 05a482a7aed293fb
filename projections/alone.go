package projections

import "context"

// Alone calls do while no other process on the database is in a call of Alone, and reports whether it did.
func (db *Database) Alone(ctx context.Context, do func(context.Context) error) (bool, error) {
	conn, err := db.connect(ctx, live)
	if err != nil {
		return false, fault(err)
	}
	defer conn.Close(context.WithoutCancel(ctx)) // ends the lock, too
	var held bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1)`, int64(alone)).Scan(&held); err != nil || !held {
		return false, fault(err)
	}
	return true, do(ctx)
}
