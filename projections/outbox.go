package projections

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype/zeronull"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Outbox keeps the mails that are to be sent, one for each notice, until they were, and for a while after that. It is no read
// model: a rebuild leaves it alone, since the ledger does not hold what was sent. It holds ids, and what is sealed of people who are
// no members; texts of people, and secrets, are read and made when a mail is written.
//
// Times in it are those of Postgres, so that several nodes agree.
type Outbox struct{ *checkpointWaiter }

// Outbox returns the outbox of mails to everybody.
func (db *Database) Outbox() *Outbox { return db.outbox }

// maxMailAge is how old an event may be that people are mailed about. One that is older was missed, since mail was switched off
// or the database is an older copy, and nobody wants to be told so late.
const maxMailAge = 3 * 24 * time.Hour

// Begin lets mail begin at the end of a ledger, unless it has begun before: nobody is mailed about all that happened since the
// organization was created.
func (o *Outbox) Begin(ctx context.Context, ledger *bus.Ledger) error {
	_, err := o.Checkpoint(ctx)
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	end, err := ledger.End(ctx)
	if err != nil {
		return err
	}
	if _, err := o.pool.Exec(ctx, `INSERT INTO roster_outbox.checkpoint (position, hash) VALUES ($1, $2) ON CONFLICT DO NOTHING`, position64(end), end.Hash[:]); err != nil {
		return o.fault(err)
	}
	_, err = o.Checkpoint(ctx)
	return err
}

var mails = &table[domain.Notice]{
	name: "roster_outbox.mail",
	keys: []column[domain.Notice]{text("notice_id", func(n *domain.Notice) string { return n.ID })},
	columns: append([]column[domain.Notice]{
		text("kind", func(n *domain.Notice) events.NoticeKind { return n.Kind }),
		text("org_id", func(n *domain.Notice) events.OrganizationID { return n.Organization }),
		text("user_id", func(n *domain.Notice) events.UserID { return n.User }),
		text("invite_id", func(n *domain.Notice) events.InviteID { return n.Invite }),
		text("request_id", func(n *domain.Notice) events.AccessRequestID { return n.Request }),
		text("project_id", func(n *domain.Notice) events.ProjectID { return n.Project }),
		text("from_role", func(n *domain.Notice) events.RoleKey { return n.From }),
		text("to_role", func(n *domain.Notice) events.RoleKey { return n.To }),
		text("about_id", func(n *domain.Notice) events.UserID { return n.About }),
		timestamp("until", func(n *domain.Notice) time.Time { return n.Until }),
		text("email", func(n *domain.Notice) events.Sealed { return n.Email }),
		document("metadata", func(n *domain.Notice) string { return encoded(n.Metadata) }),
		number("position", func(n *domain.Notice) events.Position { return n.Position }),
	}, origin("", func(n *domain.Notice) events.Origin { return n.Origin })...),
}

// insertMails adds mails that are not too old. One that is there already stays as it is.
var insertMails = mails.insert() + ` WHERE u.at > now() - make_interval(secs => ` + strconv.Itoa(int(maxMailAge.Seconds())) + `) ON CONFLICT DO NOTHING`

// Deliver notes the mails of notices, and a checkpoint, together. It leaves out those that are not mailed, and those that are too
// old. One that is there already stays as it is.
func (o *Outbox) Deliver(ctx context.Context, through events.Checkpoint, arrived []domain.Notice) error {
	began := time.Now()
	b := new(batch)
	if due := slices.DeleteFunc(slices.Clone(arrived), func(n domain.Notice) bool { return n.SkipsMail }); len(due) > 0 {
		b.Queue(insertMails, arrays(mails.all(), due)...)
	}
	o.move(b, through)
	if err := o.pool.SendBatch(ctx, &b.Batch).Close(); err != nil {
		return o.fault(err)
	}
	o.advance(through.Position)
	o.pause(ctx, began)
	return nil
}

// Remind notes the mails of reminders, but for those that are there already.
func (o *Outbox) Remind(ctx context.Context, of []domain.Notice) error {
	_, err := o.pool.Exec(ctx, insertMails, arrays(mails.all(), of)...)
	return o.fault(err)
}

// Mail is a notice that is to be mailed.
type Mail struct {
	domain.Notice
	// Tries is how often it was tried, this time included.
	Tries int
}

const mailColumns = `notice_id, kind, org_id, user_id, invite_id, request_id, project_id, from_role, to_role, about_id, until, email, metadata, position, version, index, at, actor, tries`

// columns returns where those of a row go, in their order.
func (m *Mail) columns() []any {
	return []any{
		&m.ID, &m.Kind, &m.Organization, &m.User, &m.Invite, &m.Request, &m.Project, &m.From, &m.To, &m.About, (*zeronull.Timestamptz)(&m.Until), &m.Email, &m.Metadata,
		&m.Position, &m.Version, &m.Index, &m.At, &m.Actor, &m.Tries,
	}
}

func scanMail(row pgx.CollectableRow) (Mail, error) {
	var m Mail
	err := row.Scan(m.columns()...)
	m.At, m.Until = m.At.UTC(), m.Until.UTC()
	return m, err
}

// Claim takes a mail that is due, and says whether there is one: the oldest of the organization behind another one in the order of their
// ids, so that who takes one after the other serves all organizations in turn. Nobody else gets the mail for the time of the lease,
// within which it must be settled or postponed; otherwise it is due again, as after a crash.
func (o *Outbox) Claim(ctx context.Context, after events.OrganizationID, lease time.Duration) (Mail, bool, error) {
	s := newStatement(lease.Seconds(), after)
	s.write(`UPDATE roster_outbox.mail SET due_at = now() + make_interval(secs => $1), tries = tries + 1
		WHERE notice_id = (SELECT notice_id FROM roster_outbox.mail WHERE state = 'waiting' AND due_at <= now() AND org_id > $2
			ORDER BY org_id, due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
		RETURNING `, mailColumns)
	found, err := query(ctx, o.tables, s, scanMail)
	switch {
	case err != nil:
		return Mail{}, false, err
	case len(found) > 0:
		return found[0], true, nil
	case after != "":
		return o.Claim(ctx, "", lease)
	}
	return Mail{}, false, nil
}

// MailState is how far a mail is.
type MailState string

const (
	// MailWaiting is to be sent.
	MailWaiting MailState = "waiting"
	// MailSent was taken by the mail server.
	MailSent MailState = "sent"
	// MailDropped was not sent, since what it says is no longer so.
	MailDropped MailState = "dropped"
	// MailDead could not be sent.
	MailDead MailState = "dead"
)

// Settle notes what became of a mail that was claimed, and why; an empty reason says nothing. A mail that is settled already stays as it is.
func (o *Outbox) Settle(ctx context.Context, id string, state MailState, reason string) error {
	_, err := o.pool.Exec(ctx, `UPDATE roster_outbox.mail SET state = $2, error = $3, settled_at = now() WHERE notice_id = $1 AND state = 'waiting'`, id, state, reason)
	return o.fault(err)
}

// Postpone has a mail that was claimed be due after a pause, since a try failed for a reason. Without a reason it was not tried.
func (o *Outbox) Postpone(ctx context.Context, id string, pause time.Duration, reason string) error {
	_, err := o.pool.Exec(ctx, `UPDATE roster_outbox.mail SET due_at = now() + make_interval(secs => $2),
		error = coalesce(nullif($3, ''), error), tries = tries - CASE WHEN $3 = '' THEN 1 ELSE 0 END
		WHERE notice_id = $1 AND state = 'waiting'`, id, pause.Seconds(), reason)
	return o.fault(err)
}

// Prune deletes mails that were settled so long ago, but for dead letters.
func (o *Outbox) Prune(ctx context.Context, age time.Duration) error {
	_, err := o.pool.Exec(ctx, `DELETE FROM roster_outbox.mail WHERE state IN ('sent', 'dropped') AND settled_at < now() - make_interval(secs => $1)`, age.Seconds())
	return o.fault(err)
}

// Count returns how many mails wait, and how many are dead letters.
func (o *Outbox) Count(ctx context.Context) (waiting, dead int, err error) {
	err = o.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM roster_outbox.mail WHERE state = 'waiting'),
		(SELECT count(*) FROM roster_outbox.mail WHERE state = 'dead')`).Scan(&waiting, &dead)
	return waiting, dead, o.fault(err)
}
