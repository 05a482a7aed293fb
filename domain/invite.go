package domain

import (
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// Invite is a pending offer of membership.
type Invite struct {
	Role    events.RoleKey
	Email   events.Sealed
	Sent    events.Origin
	Expires time.Time
	// Member is whom it is for, where that is known.
	Member events.UserID
	// Levels are the person's own in the organization.
	Levels events.Levels
	// Until is when the membership will end; the zero value never does.
	Until time.Time

	address  events.AddressHash
	token    events.Hash
	projects []events.ProjectRole
}

// Projects lists the projects that are joined on acceptance.
func (i Invite) Projects() iter.Seq[events.ProjectRole] { return slices.Values(i.projects) }

// Expired reports whether the invite can no longer be accepted at an instant.
func (i Invite) Expired(at time.Time) bool { return !i.Expires.IsZero() && !at.Before(i.Expires) }

// Invite returns a pending invite, and whether there is one.
func (o Organization) Invite(id events.InviteID) (Invite, bool) { return o.invites.Get(id) }

// Invites yields every pending invite, expired ones included, in no particular order.
func (o Organization) Invites() iter.Seq2[events.InviteID, Invite] { return o.invites.All() }

func (o Organization) invite(transient *champ.Transient, e events.MemberInvited, origin events.Origin) Organization {
	o.invites = o.invites.SetTransient(transient, e.Invite, Invite{
		Role: e.Role, Email: e.Email, Sent: origin, Expires: e.Expires,
		Member: e.Member, Levels: e.Levels, Until: e.Until,
		address: e.Address, token: e.Token, projects: e.Projects,
	})
	o.invited = o.invited.SetTransient(transient, e.Address, e.Invite)
	if e.Member != "" {
		o.invitees = o.invitees.SetTransient(transient, e.Member, e.Invite)
	}
	return o
}

func (o Organization) closeInvite(transient *champ.Transient, id events.InviteID) Organization {
	invite, _ := o.invites.Get(id)
	o.invited = o.invited.DeleteTransient(transient, invite.address)
	if invite.Member != "" {
		o.invitees = o.invitees.DeleteTransient(transient, invite.Member)
	}
	o.invites = o.invites.DeleteTransient(transient, id)
	return o
}

// includesProject reports whether the invite includes a project.
func (i Invite) includesProject(id events.ProjectID) bool {
	return slices.ContainsFunc(i.projects, func(p events.ProjectRole) bool { return p.Project == id })
}

// removeInvitedProject takes a deleted project out of a pending invite: a later project
// with the same id is not what the invite was for.
func (o Organization) removeInvitedProject(transient *champ.Transient, invite events.InviteID, id events.ProjectID) Organization {
	invites, i := o.invites.UpdateTransient(transient, invite)
	i.projects = slices.DeleteFunc(slices.Clone(i.projects), func(p events.ProjectRole) bool { return p.Project == id })
	o.invites = invites
	return o
}
