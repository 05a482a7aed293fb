package projections

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/events"
)

// Known returns the newest commit that the read models or the inbox of a database have taken in, before
// anything of the database is changed; the zero value if there are none, or if nothing can be read of them.
// Like [Open], it waits for a server that is starting.
func Known(ctx context.Context, url string) (newest events.Checkpoint, err error) {
	var conn *pgx.Conn
	err = retry.Do(ctx, retry.WithMaxDuration(startTimeout, retry.NewConstant(firstPause)), func(ctx context.Context) (err error) {
		if conn, err = pgx.Connect(ctx, url); starting(err) {
			return retry.RetryableError(err)
		}
		return err
	})
	if err != nil {
		return events.Checkpoint{}, fmt.Errorf("ask the database for its newest commit: %w", fault(err))
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, table := range []string{live + ".checkpoint", "roster_inbox.checkpoint"} {
		at, err := checkpoint(ctx, conn, table)
		switch {
		case absent(err), damaged(err):
		case err != nil:
			return events.Checkpoint{}, fmt.Errorf("ask the database for its newest commit: %w", fault(err))
		case at.Position > newest.Position:
			newest = at
		}
	}
	return newest, nil
}

// absent reports whether there is no such table, or no such row or column.
func absent(err error) bool {
	const undefinedTable, invalidSchemaName, undefinedColumn = "42P01", "3F000", "42703"
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return errors.Is(err, pgx.ErrNoRows) ||
		ok && (refused.Code == undefinedTable || refused.Code == invalidSchemaName || refused.Code == undefinedColumn)
}
