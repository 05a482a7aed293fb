package projections

import (
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

var notices = &table[domain.Notice]{
	name: "roster_inbox.notification",
	keys: []column[domain.Notice]{
		text("org_id", func(n *domain.Notice) events.OrganizationID { return n.Organization }),
		text("user_id", func(n *domain.Notice) events.UserID { return n.User }),
		text("notice_id", func(n *domain.Notice) string { return n.ID }),
	},
	columns: append([]column[domain.Notice]{
		text("kind", func(n *domain.Notice) events.NoticeKind { return n.Kind }),
		text("invite_id", func(n *domain.Notice) events.InviteID { return n.Invite }),
		text("request_id", func(n *domain.Notice) events.AccessRequestID { return n.Request }),
		text("project_id", func(n *domain.Notice) events.ProjectID { return n.Project }),
		text("from_role", func(n *domain.Notice) events.RoleKey { return n.From }),
		text("to_role", func(n *domain.Notice) events.RoleKey { return n.To }),
		text("notice_time", func(n *domain.Notice) events.NoticeTime { return n.When }),
		number("position", func(n *domain.Notice) events.Position { return n.Position }),
	}, origin("", func(n *domain.Notice) events.Origin { return n.Origin })...),
}

// Inbox keeps notices for people to find in the product, each at the time that the
// organization's scheme says. It is no read model: a rebuild leaves it alone, since the
// ledger does not hold what was shown and acknowledged.
type Inbox struct {
	*checkpointWaiter

	watchers watchers
}

// Inbox returns the inbox of everybody.
func (db *Database) Inbox() *Inbox { return db.inbox }

// Deliver stores notices and a checkpoint together. It leaves out notices that the scheme
// keeps out of the inbox. A notice that is stored already stays as it is.
func (i *Inbox) Deliver(ctx context.Context, through events.Checkpoint, arrived []domain.Notice) error {
	began := time.Now()
	b := new(batch)
	notices.put(b, slices.DeleteFunc(slices.Clone(arrived), func(n domain.Notice) bool { return n.SkipsInbox }))
	i.move(b, through)
	if err := i.pool.SendBatch(ctx, &b.Batch).Close(); err != nil {
		return i.fault(err)
	}
	i.advance(through.Position)
	i.watchers.delivered(through, arrived)
	i.pause(ctx, began)
	return nil
}

// Notification is a notice ([domain.Notice]) in the inbox of the person who hears of it, with when it was shown and acknowledged.
type Notification struct {
	ID           string
	Kind         events.NoticeKind
	Organization events.OrganizationID
	// Invite is the one that it is about; empty for none.
	Invite events.InviteID
	// Request is the request for access that it is about; empty for none.
	Request events.AccessRequestID
	// Project is empty where it is about the organization.
	Project events.ProjectID
	// From and To are the roles of a change of role; empty for every other kind.
	From, To events.RoleKey
	// Changed is the event that it is about.
	Changed events.Origin
	// Shown is when it was first marked as shown, nil before; Acknowledged when the
	// person confirmed it.
	Shown, Acknowledged *time.Time

	position events.Position
}

// Cursor names the notification, for a page to come after it.
func (n Notification) Cursor() string { return cursor(n.position, n.ID) }

// listed is the condition that a notification n is in its person's list. One that is to be
// shown at the next access is not in it before.
const listed = `(n.notice_time <> 'next_access' OR n.shown_at IS NOT NULL)`

const notificationColumns = `n.notice_id, n.kind, n.org_id, n.invite_id, n.request_id, n.project_id, n.from_role, n.to_role,
	n.version, n.index, n.at, n.actor, n.shown_at, n.acknowledged_at, n.position`

func scanNotification(row pgx.CollectableRow) (Notification, error) {
	var n Notification
	err := row.Scan(&n.ID, &n.Kind, &n.Organization, &n.Invite, &n.Request, &n.Project, &n.From, &n.To,
		&n.Changed.Version, &n.Changed.Index, &n.Changed.At, &n.Changed.Actor, &n.Shown, &n.Acknowledged, &n.position)
	n.Changed.At = n.Changed.At.UTC()
	for _, at := range []*time.Time{n.Shown, n.Acknowledged} {
		if at != nil {
			*at = at.UTC()
		}
	}
	return n, err
}

// MaxUnshown is the largest number of notifications that [Inbox.Unshown] returns.
const MaxUnshown = 200

// Unshown returns the notifications about a project, or about the organization if project is
// empty, that are to be shown at the person's next access, oldest first. It returns them
// again until [Inbox.MarkShown] or [Inbox.Acknowledge] marks them.
func (i *Inbox) Unshown(ctx context.Context, org events.OrganizationID, user events.UserID, project events.ProjectID) ([]Notification, error) {
	s := newStatement(org, user, project)
	s.write(`SELECT `, notificationColumns, ` FROM roster_inbox.notification n
		WHERE n.org_id = $1 AND n.user_id = $2 AND n.project_id = $3 AND n.shown_at IS NULL AND n.notice_time <> 'at_once'
		ORDER BY n.position, n.version, n.index`)
	s.limit(MaxUnshown)
	return query(ctx, i.tables, s, scanNotification)
}

// MarkShown notes that notifications were shown to a person at an instant. It marks all of
// them, or fails with [ErrNotFound] if one is not the person's. Doing so again changes nothing.
func (i *Inbox) MarkShown(ctx context.Context, user events.UserID, ids []string, instant time.Time) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	marked, err := i.pool.Exec(ctx, `UPDATE roster_inbox.notification SET shown_at = coalesce(shown_at, $3)
		WHERE user_id = $1 AND notice_id = ANY($2)
		AND $4 = (SELECT count(*) FROM roster_inbox.notification WHERE user_id = $1 AND notice_id = ANY($2))`, user, ids, instant, len(ids))
	if err == nil && int(marked.RowsAffected()) != len(ids) {
		err = ErrNotFound
	}
	i.watchers.marked(user)
	return i.fault(err)
}

// MaxUnread is the largest number of notifications that [Inbox.Unread] returns.
const MaxUnread = 1000

// Unread returns the notifications of somebody's list that were not shown, newest first.
func (i *Inbox) Unread(ctx context.Context, user events.UserID) ([]Notification, error) {
	s := newStatement(user)
	s.write(`SELECT `, notificationColumns, ` FROM roster_inbox.notification n
		WHERE n.user_id = $1 AND n.shown_at IS NULL AND `, listed, ` ORDER BY n.position DESC, n.notice_id`)
	s.limit(MaxUnread)
	return query(ctx, i.tables, s, scanNotification)
}

// MarkAllShown notes that all of somebody's list was shown at an instant, up to a notification if through names one, and returns how
// many were not before. It fails with [ErrNotFound] if the one that is named is not the person's.
func (i *Inbox) MarkAllShown(ctx context.Context, user events.UserID, through string, instant time.Time) (int64, error) {
	end := int64(1 << 62)
	if through != "" {
		if err := i.pool.QueryRow(ctx, `SELECT position FROM roster_inbox.notification WHERE user_id = $1 AND notice_id = $2`, user, through).Scan(&end); err != nil {
			return 0, i.fault(err)
		}
	}
	marked, err := i.pool.Exec(ctx, `UPDATE roster_inbox.notification n SET shown_at = $2 WHERE n.user_id = $1 AND n.shown_at IS NULL AND n.position <= $3 AND `+listed, user, instant, end)
	i.watchers.marked(user)
	return marked.RowsAffected(), i.fault(err)
}

// List lists somebody's notifications of every organization, newest first.
func (i *Inbox) List(ctx context.Context, user events.UserID, p Page) (List[Notification], error) {
	position, id := int64(1<<62), ""
	if err := p.after(&position, &id); err != nil {
		return List[Notification]{}, err
	}
	s := newStatement(user, position, id)
	s.write(`SELECT `, notificationColumns, ` FROM roster_inbox.notification n
		WHERE n.user_id = $1 AND n.position <= $2 AND (n.position < $2 OR n.notice_id > $3) AND `, listed, `
		ORDER BY n.position DESC, n.notice_id`)
	s.limit(p.limit() + 1)
	found, err := query(ctx, i.tables, s, scanNotification)
	if err != nil {
		return List[Notification]{}, err
	}
	return list(found, p, func(n Notification) []any { return []any{n.position, n.ID} }), nil
}

// Acknowledge notes that a person has confirmed a notification at an instant, and so was
// shown it, or fails with [ErrNotFound]. Doing so again changes nothing.
func (i *Inbox) Acknowledge(ctx context.Context, user events.UserID, id string, instant time.Time) error {
	done, err := i.pool.Exec(ctx, `UPDATE roster_inbox.notification n
		SET acknowledged_at = coalesce(acknowledged_at, $3), shown_at = coalesce(shown_at, $3)
		WHERE n.user_id = $1 AND n.notice_id = $2`, user, id, instant)
	if err == nil && done.RowsAffected() == 0 {
		err = ErrNotFound
	}
	i.watchers.marked(user)
	return i.fault(err)
}
