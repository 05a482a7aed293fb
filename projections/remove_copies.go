package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/internal/backoff"
)

// Copies is what was done about copies of texts.
type Copies struct {
	// Tables are those that were made anew.
	Tables []string
	// Left says what could not be removed, and why; none if nothing is left.
	Left []string
}

// RemoveCopies removes from the files of the database what the state does not have any more: the read models are made anew, as
// [Database.Rebuild] does, then the table with their statistics, and the write-ahead log is overwritten. Reads and a
// projector go on meanwhile. It can be repeated. What the rights in a database of one's own do not allow is left, and said.
func (db *Database) RemoveCopies(ctx context.Context, ledger *bus.Ledger) (Copies, error) {
	err := backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		err := db.Rebuild(ctx, ledger, nil)
		if errors.Is(err, errRebuilding) { // it may have begun before the texts were gone from the ledger's state
			return false, retry.RetryableError(err)
		}
		return false, err
	})
	if err != nil {
		return Copies{}, err
	}
	conn, err := db.connect(ctx, live)
	if err != nil {
		return Copies{}, fault(err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var done Copies
	for _, m := range models {
		done.Tables = append(done.Tables, live+"."+m.name())
	}
	done.Tables = append(done.Tables, live+"."+audit.name, live+"."+auditSubjects.name)
	anew, err := renewStatistics(ctx, conn)
	switch {
	case err != nil:
		return Copies{}, fmt.Errorf("make the statistics of the database anew: %w", fault(err))
	case anew:
		done.Tables = append(done.Tables, statistics)
	default:
		done.Left = append(done.Left, "The table pg_statistic of the database has values of columns as they were: have the owner of the database run VACUUM FULL pg_statistic, while no transaction is open that is older.")
	}
	left, err := overwriteLog(ctx, conn)
	if err != nil {
		return Copies{}, fmt.Errorf("overwrite the write-ahead log of the database: %w", fault(err))
	}
	if left != "" {
		done.Left = append(done.Left, left)
	}
	return done, nil
}

// statistics is the table in which PostgreSQL keeps values of columns.
const statistics = "pg_catalog.pg_statistic"

// snapshotTime is how long renewStatistics waits for transactions of others to end.
const snapshotTime = 30 * time.Second

// renewStatistics rewrites the table of statistics without rows that were deleted, and reports whether it was. It is not if the rights
// do not suffice, or while an old transaction could see those rows.
func renewStatistics(ctx context.Context, conn *pgx.Conn) (bool, error) {
	unseen, err := waitForSnapshots(ctx, conn)
	if err != nil || !unseen {
		return false, err
	}
	node := func() (n uint32, err error) {
		return n, conn.QueryRow(ctx, `SELECT pg_relation_filenode('`+statistics+`')`).Scan(&n)
	}
	before, err := node()
	if err != nil {
		return false, err
	}
	// It waits briefly, since whoever plans a query waits behind it.
	if _, err := conn.Exec(ctx, `SET lock_timeout = '100ms'`); err != nil {
		return false, err
	}
	err = backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		_, err := conn.Exec(ctx, `VACUUM (FULL) `+statistics) // a warning says that the rights do not suffice
		if refused, is := errors.AsType[*pgconn.PgError](err); is && refused.Code == "55P03" {
			return false, retry.RetryableError(err)
		}
		return false, err
	})
	if err != nil {
		return false, err
	}
	after, err := node()
	return after != before, err
}

// waitForSnapshots waits until no transaction sees what was deleted before, and reports whether that is so.
func waitForSnapshots(ctx context.Context, conn *pgx.Conn) (bool, error) {
	var now string
	if err := conn.QueryRow(ctx, `SELECT pg_current_xact_id()::xid::text`).Scan(&now); err != nil {
		return false, err
	}
	for deadline := time.Now().Add(snapshotTime); ; {
		var old int
		err := conn.QueryRow(ctx, `SELECT count(*) FROM pg_stat_activity
			WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() AND (datname = current_database() OR datname IS NULL) AND age(backend_xmin) >= age($1::text::xid)`, now).Scan(&old)
		if err != nil || old == 0 || time.Now().After(deadline) {
			return old == 0, err
		}
		select {
		case <-time.After(firstPause):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// What overwriteLog leaves.
const (
	logNotAllowed = "The write-ahead log of the database has texts as they were until PostgreSQL overwrites it by itself, since the rights do not suffice to do so now: " +
		"have a superuser run CHECKPOINT and SELECT pg_switch_wal() several times."
	logKept = "The database keeps files of its write-ahead log from before (wal_keep_size, or a replication slot): PostgreSQL removes them when it no longer needs them."
)

// overwriteLog has PostgreSQL remove each file of its write-ahead log, or overwrite it, and says what is left. A file that is no longer
// needed gets the name of a later one, with what is in it. To switch to the next file fills the rest of the present one with zeros. So the
// log goes past all files that there are: once over those from before, and once more over those that got other names meanwhile.
func overwriteLog(ctx context.Context, conn *pgx.Conn) (left string, err error) {
	begin, err := passLog(ctx, conn)
	if err == nil {
		_, err = passLog(ctx, conn)
	}
	if err == nil {
		_, err = conn.Exec(ctx, `CHECKPOINT`)
	}
	var kept int
	if err == nil {
		err = conn.QueryRow(ctx, `SELECT count(*) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$' AND name <= $1`, begin).Scan(&kept)
	}
	refused, is := errors.AsType[*pgconn.PgError](err)
	switch {
	case is && refused.Code == "42501": // insufficient_privilege
		return logNotAllowed, nil
	case kept > 0:
		return logKept, err
	}
	return "", err
}

// passLog goes on to a new file of the write-ahead log, behind all that there are, and returns the file in which it began.
func passLog(ctx context.Context, conn *pgx.Conn) (begin string, err error) {
	if _, err := conn.Exec(ctx, `CHECKPOINT`); err != nil {
		return "", err
	}
	if begin, err = logFile(ctx, conn); err != nil {
		return "", err
	}
	var newest string
	if err := conn.QueryRow(ctx, `SELECT max(name) FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'`).Scan(&newest); err != nil {
		return "", err
	}
	for current := begin; current <= newest; {
		if _, err := conn.Exec(ctx, `SELECT pg_switch_wal()`); err != nil {
			return "", err
		}
		if current, err = logFile(ctx, conn); err != nil {
			return "", err
		}
	}
	return begin, nil
}

// logFile writes an empty record, since PostgreSQL switches no file that has none, and returns the file that has it.
func logFile(ctx context.Context, conn *pgx.Conn) (name string, err error) {
	return name, conn.QueryRow(ctx, `SELECT pg_walfile_name(pg_logical_emit_message(false, 'roster', ''))`).Scan(&name)
}
