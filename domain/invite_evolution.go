package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

func (s *state) invite(e events.MemberInvited, origin events.Origin) {
	s.invites = s.invites.SetTransient(s.owner, e.Invite, Invite{
		Role: e.Role, Email: e.Email, Sent: origin, Expires: e.Expires,
		Member: e.Member, Levels: e.Levels, Until: e.Until,
		address: e.Address, token: e.Token, projects: e.Projects,
	})
	s.invited = s.invited.SetTransient(s.owner, e.Address, e.Invite)
	if e.Member != "" {
		s.invitees = s.invitees.SetTransient(s.owner, e.Member, e.Invite)
	}
}

func (s *state) closeInvite(id events.InviteID) {
	invite, _ := s.invites.Get(id)
	s.invited = s.invited.DeleteTransient(s.owner, invite.address)
	if invite.Member != "" {
		s.invitees = s.invitees.DeleteTransient(s.owner, invite.Member)
	}
	s.invites = s.invites.DeleteTransient(s.owner, id)
}

// removeInvitedProject takes a deleted project out of a pending invite: a later project
// with the same id is not what the invite was for.
func (s *state) removeInvitedProject(invite events.InviteID, id events.ProjectID) {
	invites, i := s.invites.UpdateTransient(s.owner, invite)
	i.projects = slices.DeleteFunc(slices.Clone(i.projects), func(p events.ProjectRole) bool { return p.Project == id })
	s.invites = invites
}
