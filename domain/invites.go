package domain

import (
	"iter"

	"github.com/seed-2026d078/roster/events"
)

// Invite returns an open invite, and whether there is one.
func (o Organization) Invite(id events.InviteID) (Invite, bool) {
	if found := o.findInvite(id); found != nil {
		return *found, true
	}
	return Invite{}, false
}

// findInvite returns an open invite; nil if there is none.
func (s *state) findInvite(id events.InviteID) *Invite {
	found, _ := s.invites.Get(id)
	return found
}

// InviteTo returns the open invite to an address, and whether there is one.
func (o Organization) InviteTo(address events.AddressHash) (events.InviteID, bool) {
	return o.invited.Get(address)
}

// InviteFor returns the open invite that is for somebody by their id, and whether there is one.
func (o Organization) InviteFor(user events.UserID) (events.InviteID, bool) {
	return o.invitees.Get(user)
}

// Invites yields every invite that nobody has accepted and nobody has revoked, in no
// particular order.
func (o Organization) Invites() iter.Seq2[events.InviteID, Invite] {
	return func(yield func(events.InviteID, Invite) bool) {
		for id, invite := range o.invites.All() {
			if !yield(id, *invite) {
				return
			}
		}
	}
}

// requireUninvited fails if an invite to somebody, by their id or by an address that is known to be theirs, can be accepted now.
func (o Organization) requireUninvited(user events.UserID, address events.AddressHash) error {
	for _, id := range []*events.InviteID{o.invitees.At(user), o.invited.At(address)} {
		if id == nil {
			continue
		}
		invite := o.findInvite(*id)
		if invite.Member != "" && invite.Member != user {
			continue
		}
		if _, err := o.InviteStatus(*invite); err == nil {
			return ErrAlreadyInvited.Because("%q is invited to this organization, as %q: accept the invite, or decline it first.", user, invite.Role)
		}
	}
	return nil
}

// settleOtherInvites closes the invites to somebody who joins, by their id and by their
// address, except the one that they accept. An invite to the address that is for somebody
// else by id is revoked.
func (o Organization) settleOtherInvites(user events.UserID, address events.AddressHash, accepted events.InviteID) []events.Event {
	var happened []events.Event
	byID := o.invitees.At(user)
	if byID != nil && *byID != accepted {
		happened = append(happened, events.InviteSettled{Invite: *byID, Member: user})
	}
	byAddress := o.invited.At(address)
	if byAddress == nil || *byAddress == accepted || byID != nil && *byID == *byAddress {
		return happened
	}
	if o.findInvite(*byAddress).Member != "" {
		return append(happened, events.InviteRevoked{Invite: *byAddress})
	}
	return append(happened, events.InviteSettled{Invite: *byAddress, Member: user})
}
