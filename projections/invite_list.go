package projections

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// InviteAddress is a pending invite with the address that it is for. Everything else
// about it is in the state in memory.
type InviteAddress struct {
	ID    events.InviteID
	Email string

	sent time.Time
}

// ListInvites lists the pending invites of an organization, newest first, expired ones
// included. An invite that the state does not have any more is left out: the page may
// be shorter for it.
func (db *Database) ListInvites(ctx context.Context, org domain.Organization, p Page) (List[InviteAddress], error) {
	at, id := endOfTime, ""
	if err := p.after(&at, &id); err != nil {
		return List[InviteAddress]{}, err
	}
	s := newStatement(org.ID(), p.limit()+1, at, id)
	s.write(`SELECT i.invite_id, i.email, i.at FROM invite i
		WHERE i.org_id = $1 AND i.at <= $3 AND (i.at < $3 OR i.invite_id > $4) ORDER BY i.at DESC, i.invite_id LIMIT $2`)
	found, err := query(ctx, db, s, func(row pgx.CollectableRow) (i InviteAddress, err error) {
		return i, row.Scan(&i.ID, &i.Email, &i.sent)
	})
	if err != nil {
		return List[InviteAddress]{}, err
	}
	page := list(found, p, func(i InviteAddress) []any { return []any{i.sent, i.ID} })
	pending := page.Items[:0]
	for _, i := range page.Items {
		if _, is := org.Invite(i.ID); is {
			pending = append(pending, i)
		}
	}
	page.Items = pending
	return page, nil
}
