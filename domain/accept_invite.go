package domain

import (
	"crypto/subtle"

	"github.com/seed-2026d078/roster/events"
)

// AcceptInvite takes up an invite.
type AcceptInvite struct {
	Invite events.InviteID
	Member events.UserID
	// Token is the hash of the secret that was sent; the system needs none.
	Token events.Hash
	Login string
	Name  events.Sealed
}

// Decide lets whoever has the token join, as themselves, before the invite
// expires, and while its sender may still give what it offers.
func (c AcceptInvite) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	invite := org.invites.At(c.Invite)
	trusted := m.Actor == events.System ||
		invite != nil && m.Actor == c.Member && subtle.ConstantTimeCompare(c.Token[:], invite.token[:]) == 1
	switch {
	case invite == nil || !trusted:
		return nil, ErrNoInvite
	case invite.Expired(m.At):
		return nil, ErrInviteExpired
	case org.members.At(c.Member) != nil:
		return nil, ErrAlreadyMember.because("%q is a member already.", c.Member)
	case org.addresses.At(invite.address) != nil:
		return nil, ErrAddressTaken
	}
	if err := validID("user", c.Member); err != nil {
		return nil, err
	}
	if c.Login != "" {
		if err := validName(c.Login); err != nil {
			return nil, err
		}
	}
	if !org.standsBehind(*invite) {
		return nil, ErrInviteVoid
	}
	happened := []events.Event{
		events.InviteAccepted{Invite: c.Invite, Member: c.Member},
		events.MemberJoined{
			Member: c.Member, Role: invite.Role, Login: c.Login, Name: c.Name, Email: invite.Email, Address: invite.address,
		},
	}
	for _, p := range invite.projects {
		if org.projects.At(p.Project) != nil {
			happened = append(happened, events.ProjectMemberAdded{Project: p.Project, Member: c.Member, Role: p.Role})
		}
	}
	return happened, nil
}

// standsBehind tells whether the sender of an invite could send it today: nobody
// leaves a way in behind, neither for others nor for themselves. Projects that are
// gone do not matter.
func (o Organization) standsBehind(i Invite) bool {
	sender := i.Sent.Actor
	if sender == events.System {
		return true
	}
	if o.Authorize(sender, InvitingMember, About{}) != nil || o.mayHandOut(sender, i.Role) != nil {
		return false
	}
	for _, p := range i.projects {
		if o.projects.At(p.Project) == nil {
			continue
		}
		if o.Authorize(sender, AddingProjectMember, About{Project: p.Project}) != nil || o.mayHandOutOn(p.Project, sender, p.Role) != nil {
			return false
		}
	}
	return true
}
