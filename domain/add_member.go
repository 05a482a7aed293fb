package domain

import "github.com/seed-2026d078/roster/events"

// AddMember makes somebody a member at once, without an invite.
type AddMember struct {
	Member events.UserID
	// Role in the organization; empty takes the default.
	Role    events.RoleKey
	Login   string
	Name    events.Sealed
	Email   events.Sealed
	Address events.AddressHash
}

// Decide lets those whom the scheme allows add members, with no more than they may
// hand out. A pending invite to the same address is thereby settled.
func (c AddMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, AddingMember, About{}); err != nil {
		return nil, err
	}
	if err := validID("user", c.Member); err != nil {
		return nil, err
	}
	role, err := org.scheme.organization.pick(c.Role)
	if err != nil {
		return nil, err
	}
	if err := org.mayHandOut(m.Actor, role); err != nil {
		return nil, err
	}
	if c.Login != "" {
		if err := validName(c.Login); err != nil {
			return nil, err
		}
	}
	if member := org.members.At(c.Member); member != nil {
		if member.Role == role {
			return nil, nil // already so
		}
		return nil, ErrAlreadyMember.because("%q is a member already, as %q; change the role instead.", c.Member, member.Role)
	}
	var happened []events.Event
	if c.Address != "" {
		if org.addresses.At(c.Address) != nil {
			return nil, ErrAddressTaken
		}
		if pending, ok := org.invited.Get(c.Address); ok {
			happened = append(happened, events.InviteAccepted{Invite: pending, Member: c.Member})
		}
	}
	return append(happened, events.MemberJoined{
		Member: c.Member, Role: role, Login: c.Login, Name: c.Name, Email: c.Email, Address: c.Address,
	}), nil
}
