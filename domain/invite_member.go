package domain

import (
	"cmp"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// InviteMember offers membership to an address.
type InviteMember struct {
	Invite events.InviteID
	// Role in the organization; empty takes the default.
	Role    events.RoleKey
	Email   events.Sealed
	Address events.AddressHash
	// Token is the hash of the secret that whoever accepts must show.
	Token events.Hash
	// Nonce went into the secret.
	Nonce events.Nonce
	// Member is whom it is for, where that is known; nobody else can accept it then.
	Member events.UserID
	// Levels are the person's own in the organization.
	Levels events.Levels
	// From is when the membership will start; the zero value, or a time that has passed when the invite is
	// accepted, means then.
	From time.Time
	// Until is when the membership will end; the zero value means never.
	Until time.Time
	// Projects and Teams are joined on acceptance; an empty role takes the default.
	Projects []events.ProjectRole
	Teams    []events.TeamRole
	// Expires is when the offer ends; the zero value is what the scheme says.
	Expires time.Time
	// Message is what the sender says to whoever it is for.
	Message events.Sealed
	// Update lets an open invite to the address, if that is Invite, offer this, and sends it again. Without it the command is refused.
	Update bool
	// Bind says who can accept it; empty: the Member, if there is one, and otherwise whoever the scheme says.
	Bind events.InviteBind
}

// Decide lets those whom the scheme allows invite, to no more than they may give
// themselves. An address, and a person, has at most one invite that stands.
func (c InviteMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, InvitingMember, About{}); err != nil {
		return nil, err
	}
	if err := validateID("invite", c.Invite); err != nil {
		return nil, err
	}
	if open := org.invited.At(c.Address); c.Update && open != nil && *open == c.Invite {
		return c.update(org, m)
	}
	offer, err := inviteOffer{c.Role, c.Levels, c.From, c.Until, c.Member, c.Projects, c.Teams}.validate(org, m)
	if err != nil {
		return nil, err
	}
	bind, err := c.bind(org)
	if err != nil {
		return nil, err
	}
	expires, err := expiry(m, "An invite", org.scheme.InviteDays, c.Expires)
	if err != nil {
		return nil, err
	}
	happened, err := c.closePending(org)
	if err != nil {
		return nil, err
	}
	holder := org.addresses.At(c.Address)
	switch {
	case c.Update && org.findInvite(c.Invite) == nil && org.closed.At(c.Invite) != nil:
		return nil, ErrInviteExists.Because("The open invite to this address has ended while this command was on its way; give it again, under another idempotency key.")
	case org.findInvite(c.Invite) != nil, org.closed.At(c.Invite) != nil: // both would be sealed with one key, and erased with it
		return nil, ErrInviteExists
	case holder != nil:
		return nil, org.addressTaken(m.Actor, *holder)
	case c.Member != "" && org.members.At(c.Member) != nil:
		return nil, org.alreadyMember(m.Actor, c.Member, "change the role instead")
	}
	if c.Member != "" {
		if err := validateID("user", c.Member); err != nil {
			return nil, err
		}
	}
	if org.scheme.Seats.InvitesHold {
		if err := org.afterEvents(m, happened).requireSeat(); err != nil {
			return nil, err
		}
	}
	return append(happened, events.MemberInvited{
		Invite: c.Invite, Role: offer.role, Email: c.Email, Address: c.Address, Token: c.Token, Nonce: c.Nonce, Projects: offer.projects, Teams: offer.teams,
		Member: c.Member, Levels: c.Levels, From: offer.from, Until: c.Until, Expires: expires, Message: c.Message, Bind: bind,
	}), nil
}

// update changes the open invite to the address, and sends it again. Whom it is for stays.
func (c InviteMember) update(org Organization, m events.Moment) ([]events.Event, error) {
	switch open := org.findInvite(c.Invite); {
	case c.Member != "" && c.Member != open.Member:
		return nil, ErrAlreadyInvited.Because("This address has been invited for another user; revoke that invite first.")
	case c.Bind != "" && c.Bind != open.Bind:
		return nil, ErrBadBind.Because("The open invite is bound to %q, and stays so; leave the bind out, or revoke that invite first.", open.Bind)
	}
	changed, err := ChangeInvite{c.Invite, &c.Role, &c.Levels, &c.From, &c.Until, &c.Projects, &c.Teams, ""}.Decide(org, m)
	if err != nil {
		return nil, err
	}
	resent, err := ResendInvite{c.Invite, c.Token, c.Nonce, c.Message, c.Expires}.Decide(org.afterEvents(m, changed), m)
	return append(changed, resent...), err
}

// bind returns who can accept the invite.
func (c InviteMember) bind(org Organization) (events.InviteBind, error) {
	bind := c.Bind
	switch {
	case bind == "" && c.Member != "":
		bind = events.BindUser
	case bind == "":
		bind = cmp.Or(org.scheme.InviteBind, events.BindAddress)
	}
	switch bind {
	case events.BindAddress, events.BindAnyone:
		return bind, nil
	case events.BindUser:
		if c.Member != "" {
			return bind, nil
		}
		return "", ErrBadBind.Because("An invite that is bound to a user names the user.")
	}
	return "", ErrBadBind
}

// closePending revokes the invites to the same person that have expired or are void. It
// fails if another invite stands.
func (c InviteMember) closePending(org Organization) ([]events.Event, error) {
	var happened []events.Event
	byAddress, addressed := org.invited.Get(c.Address)
	byName, named := org.invitees.Get(c.Member)
	for _, earlier := range []struct {
		invite events.InviteID
		is     bool
	}{{byAddress, addressed}, {byName, named && byName != byAddress}} {
		switch {
		case !earlier.is:
		case org.inviteStands(org.findInvite(earlier.invite)):
			return nil, ErrAlreadyInvited
		default:
			happened = append(happened, events.InviteRevoked{Invite: earlier.invite})
		}
	}
	return happened, nil
}
