package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// InviteStatus says whether an invite can be accepted.
type InviteStatus string

const (
	// InvitePending means that the invite can be accepted now.
	InvitePending InviteStatus = "pending"
	// InviteBlocked means that it can be accepted again once something else has changed,
	// such as an archived project that is restored.
	InviteBlocked InviteStatus = "blocked"
	// InviteVoid means that it cannot be accepted as it is: its sender may no longer give what it
	// offers, or what it offers is gone.
	InviteVoid InviteStatus = "void"
	// InviteExpired means that its time, or that of the membership it offers, has passed.
	InviteExpired InviteStatus = "expired"
	// InviteAccepted means that it is closed, since somebody has joined by it.
	InviteAccepted InviteStatus = "accepted"
	// InviteSettled means that it is closed, since whoever it was for is a member, but not by it.
	InviteSettled InviteStatus = "settled"
	// InviteDeclined means that it is closed, since whoever it was for did not want it.
	InviteDeclined InviteStatus = "declined"
	// InviteRevoked means that it is closed, since somebody took it back.
	InviteRevoked InviteStatus = "revoked"
)

// InviteStatus says whether an invite can be accepted now. If not, the error is the
// [*Rejection] with which accepting it fails. Whoever accepts must fit the invite, too.
//
// Everything that asks about an invite asks here: accepting, lists, reports, seats,
// explanations, roles in use, and whether somebody is invited already.
func (o Organization) InviteStatus(i Invite) (InviteStatus, error) {
	if end := o.inviteEnded(&i); end != nil {
		return end.status, end.toInvited()
	}
	if o.archived {
		return InviteBlocked, ErrOrganizationArchived
	}
	for _, p := range i.projects {
		if o.projects.At(p.Project).Archived {
			return InviteBlocked, ErrProjectArchived.Because("The project %q, which the invite includes, is archived; restore it first.", p.Project)
		}
	}
	if limit := o.seatLimit(); limit > 0 && o.seatedMembers() >= limit {
		return InviteBlocked, ErrNoSeat.Because("Seats free: 0, asked for: 1; members hold all %d. The invite can be accepted once there is room.", limit)
	}
	return InvitePending, nil
}

// inviteStands reports whether an invite has neither expired nor become void. It then
// holds a seat, if the scheme says so, and uses the roles that it offers.
func (o Organization) inviteStands(i *Invite) bool {
	return o.inviteEnded(i) == nil
}

// senderWasAway reports whether the sender of an invite is an active member again, and was not
// at some time since. They do not get their invites back with their access.
func (o Organization) senderWasAway(i *Invite) bool {
	sender := o.members.At(i.Sent.Actor)
	return sender != nil && i.Sent.Before(sender.activeSince())
}

// senderMayInvite reports whether the sender of an invite could send it today. So
// nobody keeps a way back in, for others or for themselves, after they have lost the
// right to invite.
func (o Organization) senderMayInvite(i *Invite) bool {
	sender := i.Sent.Actor
	if sender == events.System {
		return true
	}
	if !o.allows(sender, InvitingMember, About{}) || o.mayGive(sender, i.Role, i.Levels) != nil {
		return false
	}
	return !slices.ContainsFunc(i.projects, func(p InvitedProject) bool {
		return !o.SeesProject(sender, p.Project) || !o.allows(sender, AddingProjectMember, About{Project: p.Project}) ||
			o.mayGrant(p.Project, sender, i.Member, p.Role, p.Levels, nil) != nil
	}) && !slices.ContainsFunc(i.teams, func(t invitedTeam) bool {
		return !o.SeesTeam(sender, t.Team) || !o.allows(sender, AddingTeamMember, About{Team: t.Team}) ||
			o.mayAssignInTeam(t.Team, sender, AddingTeamMember, t.Role) != nil || o.mayGiveThrough(o.Ancestors(t.Team), sender, i.Role) != nil
	})
}
