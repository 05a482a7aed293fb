package projections

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/seed-2026d078/roster/events"
)

// Invite is a pending offer of membership.
type Invite struct {
	ID    events.InviteID `json:"id"`
	Email string          `json:"email,omitempty"`
	// User is whom it is for, where that is known.
	User events.UserID  `json:"user,omitempty"`
	Role events.RoleKey `json:"role"`
	// Levels will be the person's own in the organization.
	Levels events.Levels `json:"levels,omitempty"`
	// Until is when the membership will end; nil never does.
	Until *time.Time `json:"until,omitempty"`
	// Projects are joined on acceptance.
	Projects []events.ProjectRole `json:"projects,omitempty"`
	// Expires ends the offer, and may have passed; nil is never.
	Expires *time.Time `json:"expires_at,omitempty"`
	Sent    Origin     `json:"sent"`
}

// Cursor names the invite, for a page to come after it.
func (i Invite) Cursor() string { return cursor(i.Sent.Since, i.ID) }

// InvitesQuery narrows a list of invites.
type InvitesQuery struct {
	// SentBefore asks for those that were sent earlier; the zero value is any.
	SentBefore time.Time
	Page
}

func scanInvite(org events.OrganizationID) pgx.RowToFunc[Invite] {
	return func(row pgx.CollectableRow) (Invite, error) {
		var i Invite
		var sent events.Origin
		var projects []byte
		err := row.Scan(&i.ID, &i.Email, &i.User, &i.Role, &i.Levels, &i.Until, &projects, &i.Expires,
			&sent.Version, &sent.Index, &sent.At, &sent.Actor)
		if err != nil {
			return i, err
		}
		i.Sent, i.Levels = originOf(org, sent), some(i.Levels)
		for _, at := range []*time.Time{i.Until, i.Expires} {
			if at != nil {
				*at = at.UTC()
			}
		}
		return i, json.Unmarshal(projects, &i.Projects)
	}
}

// Invites lists the pending invites of an organization, newest first, expired ones
// included.
func (db *Database) Invites(ctx context.Context, org events.OrganizationID, q InvitesQuery) (List[Invite], error) {
	at, id := endOfTime, ""
	if err := q.after(&at, &id); err != nil {
		return List[Invite]{}, err
	}
	s := newStatement(org, q.limit()+1, at, id)
	s.write(`SELECT i.invite_id, i.email, i.user_id, i.role, i.levels, i.until, i.projects, i.expires_at, i.version, i.index, i.at, i.actor
		FROM invite i WHERE i.org_id = $1 AND i.at <= $3 AND (i.at < $3 OR i.invite_id > $4)`)
	if !q.SentBefore.IsZero() {
		s.write(` AND i.at < `, s.arg(q.SentBefore))
	}
	s.write(` ORDER BY i.at DESC, i.invite_id LIMIT $2`)
	found, err := query(ctx, db, s, scanInvite(org))
	if err != nil {
		return List[Invite]{}, err
	}
	return list(found, q.Page, func(i Invite) []any { return []any{i.Sent.Since, i.ID} }), nil
}

// endOfTime is after everything that a ledger holds.
var endOfTime = time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)
