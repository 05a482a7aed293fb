package projections

import (
	"context"
	"encoding/json"
	"iter"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type inviteKey struct {
	org    events.OrganizationID
	invite events.InviteID
}

type inviteRow struct {
	inviteKey
	role     events.RoleKey
	sealed   events.Sealed
	email    string // read from what is sealed
	projects string
	expires  time.Time
	events.Origin
}

// invites are those that are pending.
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
			document("projects", func(r *inviteRow) string { return r.projects }),
			moment("expires_at", func(r *inviteRow) time.Time { return r.expires }),
		}, origin("", func(r *inviteRow) events.Origin { return r.Origin })...),
	},
	touched: func(t *touched) set[inviteKey] { return t.invites },
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
	read: func(ctx context.Context, open Opener, row *inviteRow) (err error) {
		row.email, err = open.read(ctx, row.org, row.sealed)
		return err
	},
}

func inviteOf(key inviteKey, i domain.Invite) inviteRow {
	projects := slices.AppendSeq([]events.ProjectRole{}, i.Projects())
	return inviteRow{inviteKey: key, role: i.Role, sealed: i.Email, projects: encoded(projects), expires: i.Expires, Origin: i.Sent}
}

// Invite is a pending offer of membership.
type Invite struct {
	ID    events.InviteID `json:"id"`
	Email string          `json:"email,omitempty"`
	Role  events.RoleKey  `json:"role"`
	// Projects are joined on acceptance.
	Projects []events.ProjectRole `json:"projects,omitempty"`
	// Expires ends the offer, and may have passed; nil is never.
	Expires *time.Time `json:"expires_at,omitempty"`
	Sent    Origin     `json:"sent"`
}

func scanInvite(org events.OrganizationID) pgx.RowToFunc[Invite] {
	return func(row pgx.CollectableRow) (Invite, error) {
		var i Invite
		var sent events.Origin
		var projects []byte
		err := row.Scan(&i.ID, &i.Email, &i.Role, &projects, &i.Expires, &sent.Version, &sent.Index, &sent.At, &sent.Actor)
		if err != nil {
			return i, err
		}
		i.Sent = originOf(org, sent)
		if i.Expires != nil {
			*i.Expires = i.Expires.UTC()
		}
		return i, json.Unmarshal(projects, &i.Projects)
	}
}

// Invites lists the pending invites of an organization, newest first, expired ones
// included.
func (db *Database) Invites(ctx context.Context, org events.OrganizationID, p Page) (List[Invite], error) {
	at, id := endOfTime, ""
	if err := p.after(&at, &id); err != nil {
		return List[Invite]{}, err
	}
	s := newStatement(org, p.limit()+1, at, id)
	s.write(`SELECT i.invite_id, i.email, i.role, i.projects, i.expires_at, i.version, i.index, i.at, i.actor
		FROM invite i WHERE i.org_id = $1 AND i.at <= $3 AND (i.at < $3 OR i.invite_id > $4)
		ORDER BY i.at DESC, i.invite_id LIMIT $2`)
	found, err := query(ctx, db, s, scanInvite(org))
	if err != nil {
		return List[Invite]{}, err
	}
	return list(found, p, func(i Invite) []any { return []any{i.Sent.Since, i.ID} }), nil
}

// endOfTime is after everything that a ledger holds.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
