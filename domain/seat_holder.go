package domain

import (
	"iter"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// SeatHolder is a member, or an invite, that holds a seat.
type SeatHolder struct {
	// Invite is empty for a member.
	Invite events.InviteID
	// Member is who holds the seat or, of an invite, whom it is for; empty if that is not known.
	Member events.UserID
	// Role in the organization that the member has, or that the invite offers.
	Role events.RoleKey
	// Since is the event that began the membership, or that sent the invite.
	Since events.Origin
}

// SeatHolders yields all that hold a seat: the members in the order of their ids, then the invites in
// the order of theirs. They are as many as [Organization.Seats] counts. It calls proceed all the time, and
// ends without the rest when that returns false.
func (o Organization) SeatHolders(proceed func() bool) iter.Seq[SeatHolder] {
	return func(yield func(SeatHolder) bool) {
		for _, user := range slices.Sorted(o.members.Keys()) {
			if !proceed() {
				return
			}
			member := o.members.At(user)
			if o.seated(member) && !yield(SeatHolder{"", user, member.Role, member.Joined}) {
				return
			}
		}
		if !o.scheme.Seats.InvitesHold {
			return
		}
		for _, id := range slices.Sorted(o.invites.Keys()) {
			if !proceed() {
				return
			}
			invite := o.findInvite(id)
			if o.inviteStands(invite) && !yield(SeatHolder{id, invite.Member, invite.Role, invite.Sent}) {
				return
			}
		}
	}
}

// seated reports whether a member holds a seat: they are not deactivated, and their time is not over.
func (o Organization) seated(member *Member) bool {
	_, deactivated := member.Deactivated()
	return !deactivated && !member.ended(o.at)
}
