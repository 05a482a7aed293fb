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
	Nonce string
	// Projects are joined on acceptance; an empty role takes the default.
	Projects []events.ProjectRole
}

// Decide lets those whom the scheme allows invite, to no more than they may hand
// out themselves. One invite at a time is pending for an address.
func (c InviteMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, InvitingMember, About{}); err != nil {
		return nil, err
	}
	if err := validID("invite", c.Invite); err != nil {
		return nil, err
	}
	role, err := org.scheme.organization.pick(c.Role)
	if err != nil {
		return nil, err
	}
	if err := org.mayHandOut(m.Actor, role); err != nil {
		return nil, err
	}
	projects, err := c.projects(org, m.Actor)
	if err != nil {
		return nil, err
	}
	var happened []events.Event
	if pending, ok := org.invited.Get(c.Address); ok {
		if !org.invites.At(pending).Expired(m.At) {
			return nil, ErrAlreadyInvited
		}
		happened = append(happened, events.InviteRevoked{Invite: pending})
	}
	switch {
	case org.invites.At(c.Invite) != nil:
		return nil, ErrInviteExists
	case org.addresses.At(c.Address) != nil:
		return nil, ErrAddressTaken
	}
	invited := events.MemberInvited{
		Invite: c.Invite, Role: role, Email: c.Email, Address: c.Address, Token: c.Token, Nonce: c.Nonce, Projects: projects,
	}
	if days := org.scheme.InviteDays; days > 0 {
		invited.Expires = m.At.Add(time.Duration(days) * 24 * time.Hour)
	}
	return append(happened, invited), nil
}

// projects judges each project as adding a member to it would.
func (c InviteMember) projects(org Organization, actor events.UserID) ([]events.ProjectRole, error) {
	chosen := slices.Clone(c.Projects)
	for i := range chosen {
		if slices.ContainsFunc(chosen[:i], func(p events.ProjectRole) bool { return p.Project == chosen[i].Project }) {
			return nil, ErrProjectTwice.because("The invite names project %q twice; name it once, with one role.", chosen[i].Project)
		}
		if err := org.Authorize(actor, AddingProjectMember, About{Project: chosen[i].Project}); err != nil {
			return nil, err
		}
		role, err := org.scheme.project.pick(chosen[i].Role)
		if err != nil {
			return nil, err
		}
		if err := org.mayHandOutOn(chosen[i].Project, actor, role); err != nil {
			return nil, err
		}
		chosen[i].Role = role
	}
	return chosen, nil
}
