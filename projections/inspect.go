package projections

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/migrations"
)

// Contents is what a database holds.
type Contents struct {
	// Newest is the newest commit that the read models or the inbox have taken in; the zero value if there is
	// none, or if it cannot be read.
	Newest events.Checkpoint
	// Outdated says that [Open] empties the read models, and that there is something in them.
	Outdated bool
}

// Inspect tells what a database holds, and changes nothing. Like [Open], it waits for a server that is
// starting.
func Inspect(ctx context.Context, url string) (Contents, error) {
	found, err := inspect(ctx, url)
	if err != nil {
		return Contents{}, fmt.Errorf("look into the database: %w", fault(err))
	}
	return found, nil
}

func inspect(ctx context.Context, url string) (found Contents, err error) {
	var conn *pgx.Conn
	err = retry.Do(ctx, retry.WithMaxDuration(startTimeout, retry.NewConstant(firstPause)), func(ctx context.Context) (err error) {
		if conn, err = pgx.Connect(ctx, url); starting(err) {
			return retry.RetryableError(err)
		}
		return err
	})
	if err != nil {
		return Contents{}, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	for _, table := range []string{live + ".checkpoint", "roster_inbox.checkpoint"} {
		at, err := checkpoint(ctx, conn, table)
		if err != nil && !absent(err) && !damaged(err) {
			return Contents{}, err
		}
		if at.Position > found.Newest.Position {
			found.Newest = at
		}
		if table == live+".checkpoint" && at.Position > 0 {
			if found.Outdated, err = outdated(ctx, conn); err != nil {
				return Contents{}, err
			}
		}
	}
	return found, nil
}

// outdated reports whether a migration, or a newer version of the order of names, empties the read models.
func outdated(ctx context.Context, conn *pgx.Conn) (bool, error) {
	if empties, err := migrations.Empties(ctx, conn); empties || err != nil {
		return empties, err
	}
	var older bool
	err := conn.QueryRow(ctx, `SELECT collation_version < $1 FROM `+live+`.checkpoint`, collation.Version()).Scan(&older)
	return older, err
}

// absent reports whether there is no such table, or no row in it.
func absent(err error) bool {
	const undefinedTable, invalidSchemaName = "42P01", "3F000"
	refused, ok := errors.AsType[*pgconn.PgError](err)
	return errors.Is(err, pgx.ErrNoRows) || ok && (refused.Code == undefinedTable || refused.Code == invalidSchemaName)
}
