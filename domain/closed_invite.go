package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// ClosedInvite is what is kept of an invite that was accepted, settled, declined or revoked, or that had expired before another one
// took its place.
type ClosedInvite struct {
	Status InviteStatus
	Role   events.RoleKey
	Email  events.Sealed
	// First is when it was sent first, Sent when last and by whom, Closed when it ended and by whom.
	First, Sent, Closed events.Origin
	// Member is who accepted or declined it or is a member now, or whom it was for, where that is known.
	Member events.UserID

	token events.Hash
}

// forgottenInvite is an invite that ended so long ago that the state does not keep it any more.
type forgottenInvite struct {
	id    events.InviteID
	token events.Hash
}

// ForgottenInvites yields the invites that the state knew before the last event, and does not know any more since others ended after them.
func (o Organization) ForgottenInvites() iter.Seq[events.InviteID] {
	return func(yield func(events.InviteID) bool) {
		for _, one := range o.forgottenInvites {
			if !yield(one.id) {
				return
			}
		}
	}
}

// ClosedInvite returns an invite that is not open any more, and whether the state keeps it, see [Organization.ClosedInvites].
func (o Organization) ClosedInvite(id events.InviteID) (ClosedInvite, bool) { return o.closed.Get(id) }

// ClosedInvites yields the invites that are not open any more, as far as the state keeps them, in no particular order. It keeps 10,000 invites that ended last,
// by expiring among others, and those by which people joined who are members.
func (o Organization) ClosedInvites() iter.Seq2[events.InviteID, ClosedInvite] { return o.closed.All() }

// noInvite refuses a change of an invite that is not open. Whoever sees invites hears what became of it.
func (o Organization) noInvite(actor events.UserID, id events.InviteID) error {
	closed := o.closed.At(id)
	switch {
	case closed == nil || o.Authorize(actor, SeeingInvites, About{}) != nil:
		return ErrNoInvite.Because("There is no open invite %q.", id)
	case closed.Status == InviteExpired:
		return ErrNoInvite.Because("There is no open invite %q: it has expired; invite the address again.", id)
	}
	return ErrNoInvite.Because("There is no open invite %q: it was %s; to offer something again, invite the address again.", id, closed.Status)
}

// noOpenInvite returns why an invite that is not open cannot be taken up. Whoever has its secret hears how it ended.
func (o Organization) noOpenInvite(id events.InviteID, token events.Hash) error {
	closed := o.closed.At(id)
	if closed == nil || !sameSecret(token, closed.token) {
		return ErrNoInvite
	}
	switch closed.Status { //nolint:exhaustive // no others are closed
	case InviteAccepted:
		return ErrInviteClosed.Because("The invite was accepted; each can be accepted once. Sign in as who did, or ask for another invite.")
	case InviteSettled:
		return ErrInviteClosed.Because("Whoever the invite was for is a member now in another way, and there is nothing to accept. Sign in as they do, or ask for another invite.")
	case InviteDeclined:
		return ErrInviteClosed.Because("The invite was declined; ask for another invite.")
	case InviteExpired:
		return ErrInviteExpired
	}
	return ErrInviteClosed
}
