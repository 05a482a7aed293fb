package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

func (s *state) invite(e events.MemberInvited, origin events.Origin) {
	projects := make([]InvitedProject, len(e.Projects))
	for i, p := range e.Projects {
		projects[i].ProjectRole = p
		inviting, invites := s.inviting.UpdateTransient(s.owner, p.Project)
		*invites = invites.SetTransient(s.owner, e.Invite, struct{}{})
		s.inviting = inviting
	}
	s.invites = s.invites.SetTransient(s.owner, e.Invite, Invite{
		Role: e.Role, Email: e.Email, Sent: origin, Expires: e.Expires,
		Member: e.Member, Levels: e.Levels, Until: e.Until,
		address: e.Address, token: e.Token, projects: projects,
	})
	s.invited = s.invited.SetTransient(s.owner, e.Address, e.Invite)
	if e.Member != "" {
		s.invitees = s.invitees.SetTransient(s.owner, e.Member, e.Invite)
	}
}

func (s *state) closeInvite(id events.InviteID) {
	invite, _ := s.invites.Get(id)
	for _, p := range invite.projects {
		if !p.Deleted {
			s.closeInviteTo(p.Project, id)
		}
	}
	s.invited = s.invited.DeleteTransient(s.owner, invite.address)
	if invite.Member != "" {
		s.invitees = s.invitees.DeleteTransient(s.owner, invite.Member)
	}
	s.invites = s.invites.DeleteTransient(s.owner, id)
	if s.invites.Len() == 0 {
		s.removed = champ.Map[events.UserID, events.Origin]{}
	}
}

// closeInviteTo says that an invite does not include a project any more.
func (s *state) closeInviteTo(id events.ProjectID, invite events.InviteID) {
	inviting, invites := s.inviting.UpdateTransient(s.owner, id)
	*invites = invites.DeleteTransient(s.owner, invite)
	if invites.Len() == 0 {
		inviting = inviting.DeleteTransient(s.owner, id)
	}
	s.inviting = inviting
}

// loseInvitedProject notes that a project of an invite was deleted.
func (s *state) loseInvitedProject(invite events.InviteID, id events.ProjectID) {
	s.changeInvite(invite, func(i *Invite) {
		i.projects = slices.Clone(i.projects)
		for n := range i.projects {
			i.projects[n].Deleted = i.projects[n].Deleted || i.projects[n].Project == id
		}
	})
}

func (s *state) changeInvite(id events.InviteID, change func(*Invite)) {
	invites, i := s.invites.UpdateTransient(s.owner, id)
	change(i)
	s.invites = invites
}
