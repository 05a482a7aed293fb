package domain

import (
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/champ"
	"github.com/seed-2026d078/roster/events"
)

// Invite is a pending offer of membership.
type Invite struct {
	Role    events.RoleKey
	Email   events.Sealed
	Sent    events.Origin
	Expires time.Time

	address  events.AddressHash
	token    events.Hash
	projects []events.ProjectRole
}

// Projects lists the projects that are joined on acceptance.
func (i Invite) Projects() iter.Seq[events.ProjectRole] { return slices.Values(i.projects) }

// Expired tells whether the offer has ended.
func (i Invite) Expired(at time.Time) bool { return !i.Expires.IsZero() && !at.Before(i.Expires) }

// Invite returns a pending invite, and whether there is one.
func (o Organization) Invite(id events.InviteID) (Invite, bool) { return o.invites.Get(id) }

// Invites yields every pending invite, expired ones included, in no particular order.
func (o Organization) Invites() iter.Seq2[events.InviteID, Invite] { return o.invites.All() }

func (o Organization) invite(edit *champ.Edit, e events.MemberInvited, origin events.Origin) Organization {
	o.invites = o.invites.SetIn(edit, e.Invite, Invite{
		Role: e.Role, Email: e.Email, Sent: origin, Expires: e.Expires,
		address: e.Address, token: e.Token, projects: e.Projects,
	})
	o.invited = o.invited.SetIn(edit, e.Address, e.Invite)
	return o
}

func (o Organization) closeInvite(edit *champ.Edit, id events.InviteID) Organization {
	invite, _ := o.invites.Get(id)
	o.invited = o.invited.DeleteIn(edit, invite.address)
	o.invites = o.invites.DeleteIn(edit, id)
	return o
}
