package projections

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/mailbox"
)

type inviteRow struct {
	inviteKey
	closed   domain.InviteStatus // empty: it is open
	role     events.RoleKey
	sealed   events.Sealed
	email    string // read from what is sealed
	user     events.UserID
	levels   string
	from     time.Time
	until    time.Time
	projects string
	teams    string
	expires  time.Time
	opened   time.Time
	ended    time.Time
	first    time.Time
	events.Origin
}

// invites are those that are open, and those that ended as far as the state keeps them.
var invites = &model[inviteKey, inviteRow]{
	table: table[inviteRow]{
		name: "invite",
		keys: []column[inviteRow]{
			text("org_id", func(r *inviteRow) events.OrganizationID { return r.org }),
			text("invite_id", func(r *inviteRow) events.InviteID { return r.invite }),
		},
		columns: append([]column[inviteRow]{
			text("closed", func(r *inviteRow) domain.InviteStatus { return r.closed }),
			text("role", func(r *inviteRow) events.RoleKey { return r.role }),
			text("email", func(r *inviteRow) string { return r.email }),
			text("address", func(r *inviteRow) string { return mailbox.Key(r.email) }),
			text("user_id", func(r *inviteRow) events.UserID { return r.user }),
			document("levels", func(r *inviteRow) string { return r.levels }),
			timestamp("start", func(r *inviteRow) time.Time { return r.from }),
			timestamp("until", func(r *inviteRow) time.Time { return r.until }),
			document("projects", func(r *inviteRow) string { return r.projects }),
			document("teams", func(r *inviteRow) string { return r.teams }),
			timestamp("expires_at", func(r *inviteRow) time.Time { return r.expires }),
			timestamp("opened_at", func(r *inviteRow) time.Time { return r.opened }),
			timestamp("closed_at", func(r *inviteRow) time.Time { return r.ended }),
			timestamp("first_at", func(r *inviteRow) time.Time { return r.first }),
		}, origin("", func(r *inviteRow) events.Origin { return r.Origin })...),
	},
	dirty: func(d *dirtyKeys) set[inviteKey] { return d.invites },
	find: func(state domain.Roster, key inviteKey) (inviteRow, bool) {
		org := state.Organization(key.org)
		if i, open := org.Invite(key.invite); open {
			return inviteOf(key, i), true
		}
		i, closed := org.ClosedInvite(key.invite)
		return closedInviteOf(key, i), closed
	},
	rows: func(o domain.Organization) iter.Seq[inviteRow] {
		return func(yield func(inviteRow) bool) {
			for id, i := range o.Invites() {
				if !yield(inviteOf(inviteKey{o.ID(), id}, i)) {
					return
				}
			}
			for id, i := range o.ClosedInvites() {
				if !yield(closedInviteOf(inviteKey{o.ID(), id}, i)) {
					return
				}
			}
		}
	},
	read: func(ctx context.Context, open Opener, row *inviteRow) (unread []string, err error) {
		row.email, err = open.read(ctx, row.org, row.sealed)
		return []string{"email", "address"}, err
	},
}

func inviteOf(key inviteKey, i domain.Invite) inviteRow {
	projects, teams := []events.ProjectRole{}, []events.TeamRole{}
	for p := range i.Projects() {
		projects = append(projects, p.ProjectRole)
	}
	for t := range i.Teams() {
		teams = append(teams, t)
	}
	return inviteRow{
		inviteKey: key, role: i.Role, sealed: i.Email, user: i.Member, levels: levels(i.Levels), from: i.From, until: i.Until,
		projects: encoded(projects), teams: encoded(teams), expires: i.Expires, opened: i.Opened, first: i.First.At, Origin: i.Sent,
	}
}

func closedInviteOf(key inviteKey, i domain.ClosedInvite) inviteRow {
	return inviteRow{
		inviteKey: key, closed: i.Status, role: i.Role, sealed: i.Email, user: i.Member, levels: levels(nil),
		projects: encoded([]events.ProjectRole{}), teams: encoded([]events.TeamRole{}), ended: i.Closed.At, first: i.First.At, Origin: i.Sent,
	}
}

// InviteAddress is an invite with the address that it is for. Everything else
// about it is in the state in memory.
type InviteAddress struct {
	ID    events.InviteID
	Email string

	sent time.Time
}

// InviteFilter says which invites a list has; the zero value is those that are open.
type InviteFilter struct {
	// Closed are the ways in which invites of the list ended; none: those that are open.
	Closed []domain.InviteStatus
	// All lists every invite, whatever Closed says.
	All bool
	// Search is a part of the address, in whatever letters; empty: all.
	Search string
}

// ListInvites lists invites of an organization, those that were sent last first. An invite that the state does not have
// any more as the list says is left out: the page may be shorter for it.
func (db *Database) ListInvites(ctx context.Context, org domain.Organization, f InviteFilter, p Page) (List[InviteAddress], error) {
	at, id := endOfTime, ""
	if err := p.after(&at, &id); err != nil {
		return List[InviteAddress]{}, err
	}
	s := newStatement(org.ID(), at, id)
	s.write(`SELECT i.invite_id, i.email, i.at FROM invite i
		WHERE i.org_id = $1 AND i.at <= $2 AND (i.at < $2 OR i.invite_id > $3)`)
	if !f.All {
		closed := f.Closed
		if len(closed) == 0 {
			closed = []domain.InviteStatus{""}
		}
		s.write(" AND i.closed = ANY(" + s.arg(closed) + ")")
	}
	if f.Search != "" {
		s.write(" AND strpos(i.address, " + s.arg(mailbox.Key(f.Search)) + ") > 0")
	}
	s.write(" ORDER BY i.at DESC, i.invite_id")
	s.limit(p.limit() + 1)
	found, err := query(ctx, db.tables, s, func(row pgx.CollectableRow) (i InviteAddress, err error) {
		return i, row.Scan(&i.ID, &i.Email, &i.sent)
	})
	if err != nil {
		return List[InviteAddress]{}, err
	}
	page := list(found, p, func(i InviteAddress) []any { return []any{i.sent, i.ID} })
	page.Items = slices.DeleteFunc(page.Items, func(i InviteAddress) bool { return !f.has(org, i.ID) })
	return page, nil
}

// has reports whether an invite is in the list as the state is now.
func (f InviteFilter) has(org domain.Organization, id events.InviteID) bool {
	if _, open := org.Invite(id); open {
		return f.All || len(f.Closed) == 0
	}
	closed, is := org.ClosedInvite(id)
	return is && (f.All || slices.Contains(f.Closed, closed.Status))
}

// InviteTo is an invite to somebody, with its organization.
type InviteTo struct {
	Organization events.OrganizationID
	Invite       events.InviteID

	sent time.Time
}

// FindInvites finds the open invites of all organizations to one of some addresses, or to a user; those that were sent last
// come first. An empty user is nobody.
func (db *Database) FindInvites(ctx context.Context, user events.UserID, emails []string, p Page) (List[InviteTo], error) {
	at, org, id := endOfTime, "", ""
	if err := p.after(&at, &org, &id); err != nil {
		return List[InviteTo]{}, err
	}
	addresses := make([]string, len(emails))
	for i, email := range emails {
		addresses[i] = mailbox.Key(email)
	}
	s := newStatement(addresses, user, at, org, id)
	s.write(`SELECT i.org_id, i.invite_id, i.at FROM invite i
		WHERE i.closed = '' AND (i.address = ANY($1) AND i.address <> '' OR i.user_id = $2 AND i.user_id <> '')
		AND (i.at < $3 OR i.at = $3 AND (i.org_id, i.invite_id) > ($4, $5)) ORDER BY i.at DESC, i.org_id, i.invite_id`)
	s.limit(p.limit() + 1)
	found, err := query(ctx, db.tables, s, func(row pgx.CollectableRow) (i InviteTo, err error) {
		return i, row.Scan(&i.Organization, &i.Invite, &i.sent)
	})
	if err != nil {
		return List[InviteTo]{}, err
	}
	return list(found, p, func(i InviteTo) []any { return []any{i.sent, i.Organization, i.Invite} }), nil
}
