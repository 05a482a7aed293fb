package projections

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// DeadMail is a mail that could not be sent. It is kept until somebody has it tried again, or drops it.
type DeadMail struct {
	Mail
	// Error says why the last try failed, in codes of the mail server.
	Error string
	// Died is when it was given up.
	Died time.Time
}

// DeadMails lists the mails that could not be sent, oldest first.
func (o *Outbox) DeadMails(ctx context.Context, p Page) (List[DeadMail], error) {
	var died time.Time
	var id string
	if err := p.after(&died, &id); err != nil {
		return List[DeadMail]{}, err
	}
	s := newStatement(died, id)
	s.write(`SELECT `, mailColumns, `, error, settled_at FROM roster_outbox.mail
		WHERE state = 'dead' AND (settled_at, notice_id) > ($1, $2) ORDER BY settled_at, notice_id`)
	s.limit(p.limit() + 1)
	found, err := query(ctx, o.tables, s, func(row pgx.CollectableRow) (d DeadMail, err error) {
		err = row.Scan(append(d.columns(), &d.Error, &d.Died)...)
		d.At, d.Died = d.At.UTC(), d.Died.UTC()
		return d, err
	})
	if err != nil {
		return List[DeadMail]{}, err
	}
	return list(found, p, func(d DeadMail) []any { return []any{d.Died, d.ID} }), nil
}

// RetryDead has dead letters be sent again, all without ids, and returns how many. Those that are not there are passed over.
func (o *Outbox) RetryDead(ctx context.Context, ids ...string) (int, error) {
	done, err := o.pool.Exec(ctx, `UPDATE roster_outbox.mail SET state = 'waiting', due_at = now(), tries = 0, settled_at = NULL
		WHERE state = 'dead' AND (cardinality($1::text[]) = 0 OR notice_id = ANY($1))`, append([]string{}, ids...))
	return int(done.RowsAffected()), o.fault(err)
}

// DropDead drops dead letters for good, all without ids, and returns how many. Those that are not there are passed over.
func (o *Outbox) DropDead(ctx context.Context, ids ...string) (int, error) {
	done, err := o.pool.Exec(ctx, `UPDATE roster_outbox.mail SET state = 'dropped', settled_at = now()
		WHERE state = 'dead' AND (cardinality($1::text[]) = 0 OR notice_id = ANY($1))`, append([]string{}, ids...))
	return int(done.RowsAffected()), o.fault(err)
}
