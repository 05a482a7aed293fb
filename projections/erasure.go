package projections

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// Erasure is the erasure of a person that has begun and not ended, with what was asked for. It is no read model: a rebuild leaves it alone.
type Erasure struct {
	User events.UserID
	// Began is when it began, by the clock of Postgres.
	Began time.Time
	// TransferTo is who takes over, by organization.
	TransferTo map[events.OrganizationID]events.UserID
	// OnBehalfOf is for whom the system acts, and Cause why; empty for none.
	OnBehalfOf events.UserID
	Cause      string
	// Retention says that the person is erased since they belong nowhere any more.
	Retention bool
	// Position is where the ledger ended when it began.
	Position events.Position
	// Destroyed is when all organizations had recorded it and all keys were destroyed, so that copies alone are left; zero for not yet.
	Destroyed time.Time
}

// BeginErasures notes that people are being erased. Of somebody who is noted already, it notes what was asked for last, with all of it left to do, and
// keeps when it began. Who is erased on request is so whether or not they belong nowhere, too. When it returns, that has been written, however the database
// is set up to commit.
func (db *Database) BeginErasures(ctx context.Context, of []Erasure) error {
	b := new(pgx.Batch)
	for i := range of {
		e := &of[i]
		transfer := e.TransferTo
		if transfer == nil {
			transfer = map[events.OrganizationID]events.UserID{}
		}
		b.Queue(`INSERT INTO roster_erasure.begun (user_id, transfer_to, on_behalf_of, cause, retention, position) VALUES ($1, $2, $3, $4, $5, $6)
			ON CONFLICT (user_id) DO UPDATE SET transfer_to = excluded.transfer_to, on_behalf_of = excluded.on_behalf_of, cause = excluded.cause,
				retention = excluded.retention AND begun.retention, position = excluded.position, destroyed_at = NULL`,
			e.User, transfer, e.OnBehalfOf, e.Cause, e.Retention, e.Position)
	}
	return db.commitForced(ctx, b)
}

// DestroyedErasures notes that of the erasures of people copies alone are left. When it returns, that has been written, as by [Database.BeginErasures].
func (db *Database) DestroyedErasures(ctx context.Context, users []events.UserID) error {
	b := new(pgx.Batch)
	b.Queue(`UPDATE roster_erasure.begun SET destroyed_at = now() WHERE user_id = ANY($1)`, users)
	return db.commitForced(ctx, b)
}

// commitForced commits statements, and returns when that has been written.
func (db *Database) commitForced(ctx context.Context, b *pgx.Batch) error {
	return fault(pgx.BeginFunc(ctx, db.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL synchronous_commit = on`); err != nil {
			return err
		}
		return tx.SendBatch(ctx, b).Close()
	}))
}

// Erasures returns those that have begun and not ended, of some people or, for none, of all, the oldest first, up to a limit; 0 is none.
func (db *Database) Erasures(ctx context.Context, users []events.UserID, limit int) ([]Erasure, error) {
	rows, err := db.pool.Query(ctx, `SELECT user_id, began_at, transfer_to, on_behalf_of, cause, retention, position, destroyed_at FROM roster_erasure.begun
		WHERE coalesce(cardinality($1::text[]), 0) = 0 OR user_id = ANY($1) ORDER BY began_at, user_id LIMIT nullif($2, 0)`, users, limit)
	if err != nil {
		return nil, fault(err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (e Erasure, err error) {
		var destroyed *time.Time
		err = row.Scan(&e.User, &e.Began, &e.TransferTo, &e.OnBehalfOf, &e.Cause, &e.Retention, &e.Position, &destroyed)
		e.Began = e.Began.UTC()
		if destroyed != nil {
			e.Destroyed = destroyed.UTC()
		}
		return e, err
	})
	return all, fault(err)
}

// EndErasures notes that nothing is left of people.
func (db *Database) EndErasures(ctx context.Context, users []events.UserID) error {
	_, err := db.pool.Exec(ctx, `DELETE FROM roster_erasure.begun WHERE user_id = ANY($1)`, users)
	return fault(err)
}
