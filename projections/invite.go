package projections

import (
	"context"
	"iter"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type inviteRow struct {
	inviteKey
	role     events.RoleKey
	sealed   events.Sealed
	email    string // read from what is sealed
	user     events.UserID
	levels   string
	until    time.Time
	projects string
	expires  time.Time
	events.Origin
}

// invites are those that nobody has accepted and nobody has revoked.
var invites = &model[inviteKey, inviteRow]{
	table: table[inviteRow]{
		name: "invite",
		keys: []column[inviteRow]{
			text("org_id", func(r *inviteRow) events.OrganizationID { return r.org }),
			text("invite_id", func(r *inviteRow) events.InviteID { return r.invite }),
		},
		columns: append([]column[inviteRow]{
			text("role", func(r *inviteRow) events.RoleKey { return r.role }),
			text("email", func(r *inviteRow) string { return r.email }),
			text("user_id", func(r *inviteRow) events.UserID { return r.user }),
			document("levels", func(r *inviteRow) string { return r.levels }),
			timestamp("until", func(r *inviteRow) time.Time { return r.until }),
			document("projects", func(r *inviteRow) string { return r.projects }),
			timestamp("expires_at", func(r *inviteRow) time.Time { return r.expires }),
		}, origin("", func(r *inviteRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[inviteKey] { return d.invites },
	find: func(state domain.Roster, key inviteKey) (inviteRow, bool) {
		i, ok := state.Organization(key.org).Invite(key.invite)
		return inviteOf(key, i), ok
	},
	rows: func(o domain.Organization) iter.Seq[inviteRow] {
		return func(yield func(inviteRow) bool) {
			for id, i := range o.Invites() {
				if !yield(inviteOf(inviteKey{o.ID(), id}, i)) {
					return
				}
			}
		}
	},
	read: func(ctx context.Context, open Opener, row *inviteRow) (unread []string, err error) {
		row.email, err = open.read(ctx, row.org, row.sealed)
		return []string{"email"}, err
	},
}

func inviteOf(key inviteKey, i domain.Invite) inviteRow {
	projects := []events.ProjectRole{}
	for p := range i.Projects() {
		projects = append(projects, p.ProjectRole)
	}
	return inviteRow{
		inviteKey: key, role: i.Role, sealed: i.Email, user: i.Member, levels: levels(i.Levels), until: i.Until,
		projects: encoded(projects), expires: i.Expires, Origin: i.Sent,
	}
}

// InviteAddress is an invite with the address that it is for. Everything else
// about it is in the state in memory.
type InviteAddress struct {
	ID    events.InviteID
	Email string

	sent time.Time
}

// ListInvites lists the invites of an organization that nobody has accepted and nobody has
// revoked, newest first. An invite that the state does not have any more is left out: the page may
// be shorter for it.
func (db *Database) ListInvites(ctx context.Context, org domain.Organization, p Page) (List[InviteAddress], error) {
	at, id := endOfTime, ""
	if err := p.after(&at, &id); err != nil {
		return List[InviteAddress]{}, err
	}
	s := newStatement(org.ID(), at, id)
	s.write(`SELECT i.invite_id, i.email, i.at FROM invite i
		WHERE i.org_id = $1 AND i.at <= $2 AND (i.at < $2 OR i.invite_id > $3) ORDER BY i.at DESC, i.invite_id`)
	s.limit(p.limit() + 1)
	found, err := query(ctx, db.tables, s, func(row pgx.CollectableRow) (i InviteAddress, err error) {
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
