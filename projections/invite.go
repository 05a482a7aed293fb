package projections

import (
	"context"
	"iter"
	"slices"
	"time"

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
	user     events.UserID
	levels   string
	until    time.Time
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
			text("user_id", func(r *inviteRow) events.UserID { return r.user }),
			document("levels", func(r *inviteRow) string { return r.levels }),
			timestamp("until", func(r *inviteRow) time.Time { return r.until }),
			document("projects", func(r *inviteRow) string { return r.projects }),
			timestamp("expires_at", func(r *inviteRow) time.Time { return r.expires }),
		}, origin("", func(r *inviteRow) events.Origin { return r.Origin })...),
	},
	dirty: func(t *dirtyKeys) set[inviteKey] { return t.invites },
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
	return inviteRow{
		inviteKey: key, role: i.Role, sealed: i.Email, user: i.Member, levels: levels(i.Levels), until: i.Until,
		projects: encoded(projects), expires: i.Expires, Origin: i.Sent,
	}
}
