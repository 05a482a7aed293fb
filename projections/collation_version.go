package projections

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/collation"
	"github.com/seed-2026d078/roster/migrations"
)

// upgradeCollation empties the tables if an older version of the rules or of the tables of
// Unicode made what they hold: the projector then fills them from the ledger, as it does after
// a migration. It fails with [migrations.ErrNewer] if a newer version did.
func upgradeCollation(ctx context.Context, pool *pgxpool.Pool) error {
	if err := checkCollation(ctx, pool); err != nil {
		return err
	}
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		// Like a projector, this changes the checkpoint first, so that neither waits for the
		// other in a circle. Of programs that start together one finds an older version.
		upgraded, err := tx.Exec(ctx, `UPDATE checkpoint SET position = 0, hash = $2, collation_version = $1 WHERE collation_version < $1`,
			collation.Version(), make([]byte, len(events.Hash{})))
		if err != nil || upgraded.RowsAffected() == 0 {
			return err
		}
		tables := []string{audit.name, auditSubjects.name}
		for _, m := range models {
			tables = append(tables, m.name())
		}
		_, err = tx.Exec(ctx, `TRUNCATE `+comma(tables))
		return err
	})
	return fault(err)
}

// checkCollation fails with [migrations.ErrNewer] if a newer version of the rules or of the
// tables of Unicode made what the tables hold.
func checkCollation(ctx context.Context, conn querier) error {
	var newer bool
	if err := conn.QueryRow(ctx, `SELECT collation_version > $1 FROM checkpoint`, collation.Version()).Scan(&newer); err != nil {
		return fault(err)
	}
	if newer {
		return fmt.Errorf("%w: its names are ordered by a newer version of Unicode: run the newer program", migrations.ErrNewer)
	}
	return nil
}
