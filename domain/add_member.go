package domain

import (
	"maps"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// AddMember makes somebody a member at once, without an invite.
type AddMember struct {
	Member events.UserID
	// Role in the organization; empty takes the default.
	Role    events.RoleKey
	Login   string
	Name    events.Sealed
	Email   events.Sealed
	Address events.AddressHash
	// Levels are the member's own in the organization.
	Levels events.Levels
	// Until is when the membership ends; the zero value means never.
	Until time.Time
}

// Decide lets those whom the scheme allows add members, with no more than they may
// give. A pending invite to the same address counts as accepted.
func (c AddMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, AddingMember, About{}); err != nil {
		return nil, err
	}
	if err := validID("user", c.Member); err != nil {
		return nil, err
	}
	role, err := org.scheme.organization.orDefault(c.Role)
	if err != nil {
		return nil, err
	}
	if err := org.scheme.organization.validateOwnLevels(role, c.Levels); err != nil {
		return nil, err
	}
	if err := org.mayGive(m.Actor, role, c.Levels); err != nil {
		return nil, err
	}
	if err := validEnd(c.Until, m); err != nil {
		return nil, err
	}
	if c.Login != "" {
		if err := validName(c.Login); err != nil {
			return nil, err
		}
	}
	if member := org.members.At(c.Member); member != nil {
		if member.Role == role && maps.Equal(member.Levels(), c.Levels) && member.Until().Equal(c.Until) {
			return nil, nil // already so
		}
		return nil, ErrAlreadyMember.because("%q is a member already, as %q; change the role, the levels or the end instead.", c.Member, member.Role)
	}
	var happened []events.Event
	if pending, ok := org.invitees.Get(c.Member); ok {
		happened = append(happened, events.InviteAccepted{Invite: pending, Member: c.Member})
	}
	if c.Address != "" {
		if org.addresses.At(c.Address) != nil {
			return nil, ErrAddressTaken
		}
		if pending, ok := org.invited.Get(c.Address); ok && org.invites.At(pending).Member != c.Member {
			happened = append(happened, answerInvite(*org.invites.At(pending), pending, c.Member))
		}
	}
	if err := org.afterEvents(m, happened).requireSeat(); err != nil {
		return nil, err
	}
	return append(happened, events.MemberJoined{
		Member: c.Member, Role: role, Login: c.Login, Name: c.Name, Email: c.Email, Address: c.Address, Levels: c.Levels, Until: c.Until,
	}), nil
}

// answerInvite closes a pending invite to the address of a person who was added. The
// invite counts as accepted, unless it was for somebody else: then it is revoked.
func answerInvite(i Invite, id events.InviteID, member events.UserID) events.Event {
	if i.Member == "" {
		return events.InviteAccepted{Invite: id, Member: member}
	}
	return events.InviteRevoked{Invite: id}
}
