package domain

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// AcceptInvite takes up an invite.
type AcceptInvite struct {
	Invite events.InviteID
	Member events.UserID
	// Proof is what they show; the system needs none.
	Proof InviteProof
	Login events.Sealed
	Name  events.Sealed
}

// Decide lets whom the invite is for join, as themselves, if it can be accepted
// now. It gives all that the invite offers, or nothing. Repeated by who accepted, it
// changes nothing, and fails if it says another name or login than the member has.
func (c AcceptInvite) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	invite, member := org.findInvite(c.Invite), org.members.At(c.Member)
	switch {
	case invite == nil && member != nil && member.invite == c.Invite && (m.Actor == c.Member || m.Actor == events.System):
		if differs := (PersonalData{Name: c.Name, Login: c.Login}).differsFrom(member); len(differs) > 0 {
			return nil, ErrAlreadyMember.Because("%q has accepted already, with another %s; change the profile instead.", c.Member, phrase.Join(differs, " and "))
		}
		return nil, nil // already so
	case invite == nil:
		return nil, org.noOpenInvite(c.Invite, c.Proof.Token)
	}
	if err := c.Proof.check(m, invite, c.Member); err != nil {
		return nil, err
	}
	if err := c.Proof.checkBinding(m, invite); err != nil {
		return nil, err
	}
	switch {
	case member != nil:
		return nil, org.alreadyMember(m.Actor, c.Member, "there is nothing to accept, and whoever manages the members can change the role")
	case org.addresses.At(invite.address) != nil:
		return nil, ErrAddressTaken
	}
	if removed := org.removed.At(c.Member); removed != nil && invite.Sent.Before(*removed) {
		return nil, ErrInviteVoid.Because("%q was removed from the organization after the invite was sent; ask for a new invite.", c.Member)
	}
	if err := validateID("user", c.Member); err != nil {
		return nil, err
	}
	if _, err := org.InviteStatus(*invite); err != nil {
		return nil, err
	}
	happened := append(org.settleOtherInvites(c.Member, invite.address, c.Invite), events.InviteAccepted{Invite: c.Invite, Member: c.Member}, events.MemberJoined{
		Member: c.Member, Role: invite.Role, Login: c.Login, Name: c.Name, Email: invite.Email, Address: invite.address,
		Levels: invite.Levels, From: startOf(invite.From, m), Until: invite.Until, Invite: c.Invite, InvitedBy: invite.Sent.Actor,
	})
	for _, t := range invite.teams {
		happened = append(happened, events.TeamMemberAdded{Team: t.Team, Member: c.Member, Role: t.Role})
	}
	for _, p := range invite.projects {
		happened = append(happened, events.ProjectMemberAdded{
			Project: p.Project, Member: c.Member, Role: p.Role, Levels: p.Levels, Invite: c.Invite, InvitedBy: invite.Sent.Actor,
		})
	}
	return happened, nil
}
