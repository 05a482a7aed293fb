package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

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

// removeInvitedProject takes a deleted project out of a pending invite: a later project
// with the same id is not what the invite was for.
func (o Organization) removeInvitedProject(transient *champ.Transient, invite events.InviteID, id events.ProjectID) Organization {
	invites, i := o.invites.UpdateTransient(transient, invite)
	i.projects = slices.DeleteFunc(slices.Clone(i.projects), func(p events.ProjectRole) bool { return p.Project == id })
	o.invites = invites
	return o
}
