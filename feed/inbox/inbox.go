package inbox

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/seed-2026d078/roster/feed"
)

// Schema creates the tables of the inbox, where they are not there. [Open] runs it. Whoever lets programs create no tables puts it
// into a migration.
const Schema = `
CREATE TABLE IF NOT EXISTS roster_inbox (
	subscriber   text   NOT NULL,
	organization text   NOT NULL,
	version      bigint NOT NULL,
	index        bigint NOT NULL,
	PRIMARY KEY (subscriber, organization)
);
CREATE TABLE IF NOT EXISTS roster_inbox_dead_letters (
	subscriber text NOT NULL,
	message    text NOT NULL,
	PRIMARY KEY (subscriber, message)
);`

// schemaLock is taken by who runs the schema: two at once would be in each other's way.
const schemaLock = 5157086231170

// Inbox notes which messages a subscriber has handled.
type Inbox struct {
	pool       *pgxpool.Pool
	subscriber string
}

// Handler handles a message. What it writes with tx is there once, together with the note that the message is handled. It must not end tx.
type Handler func(ctx context.Context, tx pgx.Tx, m *feed.Message) error

// Open returns the inbox of a subscriber. It creates the tables if they are not there.
func Open(ctx context.Context, pool *pgxpool.Pool, subscriber string) (*Inbox, error) {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		var there bool
		err := tx.QueryRow(ctx, "SELECT to_regclass('roster_inbox') IS NOT NULL AND to_regclass('roster_inbox_dead_letters') IS NOT NULL").Scan(&there)
		if err != nil || there {
			return err
		}
		if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(schemaLock)); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, Schema)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("open the inbox of %s: %w", subscriber, err)
	}
	return &Inbox{pool, subscriber}, nil
}

// Handle returns a handler for [feed.Subscribe].
func (b *Inbox) Handle(handler Handler) feed.Handler {
	return func(ctx context.Context, m *feed.Message) error {
		err := b.apply(ctx, handler, m)
		if err != nil && m.LastTry && !errors.Is(err, errTemporary) {
			if err := b.putAside(ctx, m); err != nil {
				return feed.Temporary(fmt.Errorf("note that message %s becomes a dead letter: %w", m.ID, err))
			}
		}
		if errors.Is(err, errTemporary) {
			return feed.Temporary(err)
		}
		return err
	}
}

// errTemporary says that a message can work when it is tried again.
var errTemporary = errors.New("the database could not do it now")

// apply handles a message that was not handled before.
func (b *Inbox) apply(ctx context.Context, handler Handler, m *feed.Message) error {
	tx, err := b.pool.Begin(ctx)
	if err != nil {
		return errors.Join(errTemporary, err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx)) // it has ended, or its connection has
	first, err := b.claim(ctx, tx, m)
	if err != nil {
		return errors.Join(errTemporary, err)
	}
	if !first {
		return nil
	}
	err = call(ctx, handler, tx, m)
	if err == nil {
		err = tx.Commit(ctx)
	}
	if err != nil && (tx.Conn().IsClosed() || mayWorkAgain(err)) {
		return errors.Join(errTemporary, err)
	}
	return err
}

// call calls the handler, if the message can be read. A handler that panics has failed.
func call(ctx context.Context, handler Handler, tx pgx.Tx, m *feed.Message) (err error) {
	if m.Unreadable != nil {
		return m.Unreadable
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the handler panicked: %v\n%s", r, debug.Stack())
		}
	}()
	return handler(ctx, tx, m)
}

// claim notes that a message is handled. It returns false if that was noted before.
func (b *Inbox) claim(ctx context.Context, tx pgx.Tx, m *feed.Message) (bool, error) {
	if first, err := b.advance(ctx, tx, m); first || err != nil {
		return first, err
	}
	done, err := tx.Exec(ctx, "DELETE FROM roster_inbox_dead_letters WHERE subscriber = $1 AND message = $2", b.subscriber, m.ID)
	return done.RowsAffected() > 0, err
}

// advance moves the organization's place to a message. It returns false if the place is there, or behind it.
func (b *Inbox) advance(ctx context.Context, tx pgx.Tx, m *feed.Message) (bool, error) {
	done, err := tx.Exec(ctx, `INSERT INTO roster_inbox AS at (subscriber, organization, version, index) VALUES ($1, $2, $3, $4)
		ON CONFLICT (subscriber, organization) DO UPDATE SET version = excluded.version, index = excluded.index
		WHERE (at.version, at.index) < (excluded.version, excluded.index)`,
		b.subscriber, string(m.Organization), int64(m.Version), int64(m.Index)) //nolint:gosec // no organization has so many versions
	return done.RowsAffected() > 0, err
}

// putAside notes that a message was passed over, and is not handled. It is a dead letter soon, or comes again if the process
// is killed before that.
func (b *Inbox) putAside(ctx context.Context, m *feed.Message) error {
	return pgx.BeginFunc(ctx, b.pool, func(tx pgx.Tx) error {
		if _, err := b.advance(ctx, tx, m); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, "INSERT INTO roster_inbox_dead_letters (subscriber, message) VALUES ($1, $2) ON CONFLICT DO NOTHING", b.subscriber, m.ID)
		return err
	})
}

// mayWorkAgain reports whether the database refused because of other transactions, or of its own state. Those are the classes of SQLSTATE
// of connections (08), of transactions that were rolled back (40), of resources (53), and of operators who intervene (57).
func mayWorkAgain(err error) bool {
	refused, is := errors.AsType[*pgconn.PgError](err)
	if !is {
		return false
	}
	for _, class := range []string{"08", "40", "53", "57"} {
		if strings.HasPrefix(refused.Code, class) {
			return true
		}
	}
	return false
}
