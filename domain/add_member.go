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
// give. That closes the invites to them.
func (c AddMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, AddingMember, About{}); err != nil {
		return nil, err
	}
	if err := validateID("user", c.Member); err != nil {
		return nil, err
	}
	role, err := org.validateMembership(m, c.Role, c.Levels, c.Until)
	if err != nil {
		return nil, err
	}
	if c.Login != "" {
		if err := validateName(c.Login); err != nil {
			return nil, err
		}
	}
	if member := org.members.At(c.Member); member != nil {
		if member.Role == role && maps.Equal(member.Levels(), c.Levels) && member.Until().Equal(c.Until) {
			return nil, nil // already so
		}
		return nil, ErrAlreadyMember.because("%q is a member already, as %q; change the role, the levels or the end instead.", c.Member, member.Role)
	}
	if c.Address != "" && org.addresses.At(c.Address) != nil {
		return nil, ErrAddressTaken
	}
	happened := org.settleOtherInvites(c.Member, c.Address, "")
	if err := org.afterEvents(m, happened).requireSeat(); err != nil {
		return nil, err
	}
	return append(happened, events.MemberJoined{
		Member: c.Member, Role: role, Login: c.Login, Name: c.Name, Email: c.Email, Address: c.Address, Levels: c.Levels, Until: c.Until,
	}), nil
}

// validateMembership returns the role of a new membership: the given one, or the default. It
// fails if the levels do not fit the role, if the actor may not give this much, or if the
// end has passed.
func (o Organization) validateMembership(m events.Moment, key events.RoleKey, own events.Levels, until time.Time) (events.RoleKey, error) {
	role, err := o.scheme.organization.orDefault(key)
	if err != nil {
		return "", err
	}
	if err := o.scheme.organization.validateOwnLevels(role, own); err != nil {
		return "", err
	}
	if err := o.mayGive(m.Actor, role, own); err != nil {
		return "", err
	}
	return role, validateEnd(until, m)
}
