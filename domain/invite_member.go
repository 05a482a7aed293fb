package domain

import (
	"slices"
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
	// Until is when the membership will end; the zero value means never.
	Until time.Time
	// Projects are joined on acceptance; an empty role takes the default.
	Projects []events.ProjectRole
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
	role, err := org.validateMembership(m, c.Role, c.Levels, c.Until)
	if err != nil {
		return nil, err
	}
	projects, err := c.projects(org, m.Actor, role)
	if err != nil {
		return nil, err
	}
	happened, err := c.closePending(org)
	if err != nil {
		return nil, err
	}
	holder := org.addresses.At(c.Address)
	switch {
	case org.invites.At(c.Invite) != nil:
		return nil, ErrInviteExists
	case holder != nil:
		return nil, org.addressTaken(m.Actor, *holder)
	case c.Member != "" && org.members.At(c.Member) != nil:
		return nil, org.alreadyMember(m.Actor, c.Member)
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
	invited := events.MemberInvited{
		Invite: c.Invite, Role: role, Email: c.Email, Address: c.Address, Token: c.Token, Nonce: c.Nonce, Projects: projects,
		Member: c.Member, Levels: c.Levels, Until: c.Until,
	}
	if days := org.scheme.InviteDays; days > 0 {
		invited.Expires = m.Instant().Add(time.Duration(days) * 24 * time.Hour)
	}
	return append(happened, invited), nil
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
		case org.inviteStands(*org.invites.At(earlier.invite)):
			return nil, ErrAlreadyInvited
		default:
			happened = append(happened, events.InviteRevoked{Invite: earlier.invite})
		}
	}
	return happened, nil
}

// projects validates each project as adding a member to it does.
func (c InviteMember) projects(org Organization, actor events.UserID, held events.RoleKey) ([]events.ProjectRole, error) {
	if len(c.Projects) > MaxItems {
		return nil, ErrTooMany.Because("An invite names at most %d projects, not %d.", MaxItems, len(c.Projects))
	}
	chosen, named := slices.Clone(c.Projects), map[events.ProjectID]bool{}
	for i := range chosen {
		if named[chosen[i].Project] {
			return nil, ErrProjectTwice.Because("The invite names project %q twice; name it once, with one role.", chosen[i].Project)
		}
		named[chosen[i].Project] = true
		if err := org.Authorize(actor, AddingProjectMember, About{Project: chosen[i].Project}); err != nil {
			return nil, err
		}
		role, err := org.scheme.projectRoleOrDefault(chosen[i].Role, held)
		if err != nil {
			return nil, err
		}
		if err := org.scheme.project.validateOwnLevels(role, chosen[i].Levels); err != nil {
			return nil, err
		}
		if err := org.mayGrant(chosen[i].Project, actor, c.Member, role, chosen[i].Levels, nil); err != nil {
			return nil, err
		}
		chosen[i].Role = role
	}
	return chosen, nil
}
