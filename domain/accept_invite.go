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
	switch {
	case invite == nil || !c.provesToken(m, *invite) || invite.Member != "" && invite.Member != c.Member:
		return nil, ErrNoInvite
	case org.archived:
		return nil, ErrOrganizationArchived
	case invite.Expired(m.At), !invite.Until.IsZero() && !invite.Until.After(m.At):
		return nil, ErrInviteExpired
	case org.members.At(c.Member) != nil:
		return nil, ErrAlreadyMember.because("%q is a member already.", c.Member)
	case org.addresses.At(invite.address) != nil:
		return nil, ErrAddressTaken
	}
	if err := validateID("user", c.Member); err != nil {
		return nil, err
	}
	if c.Login != "" {
		if err := validateName(c.Login); err != nil {
			return nil, err
		}
	}
	if !org.senderMayInvite(*invite) {
		return nil, ErrInviteVoid
	}
	accepted := events.InviteAccepted{Invite: c.Invite, Member: c.Member}
	if err := org.afterEvents(m, []events.Event{accepted}).requireSeat(); err != nil {
		return nil, err
	}
	happened := []events.Event{
		accepted,
		events.MemberJoined{
			Member: c.Member, Role: invite.Role, Login: c.Login, Name: c.Name, Email: invite.Email, Address: invite.address,
			Levels: invite.Levels, Until: invite.Until,
		},
	}
	for _, p := range invite.projects {
		if project := org.projects.At(p.Project); project != nil && !project.Archived {
			happened = append(happened, events.ProjectMemberAdded{Project: p.Project, Member: c.Member, Role: p.Role, Levels: p.Levels})
		}
	}
	return happened, nil
}

// provesToken reports whether the command comes with the secret of the invite. The
// system needs none, but a secret that it passes on must be right.
func (c AcceptInvite) provesToken(m events.Moment, i Invite) bool {
	if m.Actor == events.System && c.Token == (events.Hash{}) {
		return true
	}
	return c.Token != (events.Hash{}) && (m.Actor == events.System || m.Actor == c.Member) && subtle.ConstantTimeCompare(c.Token[:], i.token[:]) == 1
}

// senderMayInvite reports whether the sender of an invite could send it today. So
// nobody keeps a way back in, for others or for themselves, after they have lost the
// right to invite. Projects that are gone or archived do not matter, since nobody joins
// them.
func (o Organization) senderMayInvite(i Invite) bool {
	sender := i.Sent.Actor
	if sender == events.System {
		return true
	}
	if o.Authorize(sender, InvitingMember, About{}) != nil || o.mayGive(sender, i.Role, i.Levels) != nil {
		return false
	}
	for _, p := range i.projects {
		if project := o.projects.At(p.Project); project == nil || project.Archived {
			continue
		}
		if o.Authorize(sender, AddingProjectMember, About{Project: p.Project}) != nil || o.mayGiveOn(p.Project, sender, p.Role, p.Levels) != nil {
			return false
		}
	}
	return true
}
