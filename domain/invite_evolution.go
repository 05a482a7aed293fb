package domain

import (
	"cmp"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

func (s *state) invite(e events.MemberInvited, origin events.Origin) {
	i := &Invite{
		Role: e.Role, Email: e.Email, Message: e.Message, First: origin, Sent: origin, Issued: origin, Nonce: e.Nonce, Expires: e.Expires, Bind: bindOf(e),
		Member: e.Member, Levels: e.Levels, From: e.From, Until: e.Until, address: e.Address, token: e.Token,
	}
	s.offer(e.Invite, i, e.Projects, e.Teams)
	s.invites = champ.Set(s.owner, s.invites, e.Invite, i)
	s.closed = champ.Delete(s.owner, s.closed, e.Invite)
	s.endedInvites.remove(s.owner, e.Invite)
	s.invited = champ.Set(s.owner, s.invited, e.Address, e.Invite)
	if e.Member != "" {
		s.invitees = champ.Set(s.owner, s.invitees, e.Member, e.Invite)
	}
}

// changeOffer gives an invite another offer, and another sender.
func (s *state) changeOffer(e events.InviteChanged, origin events.Origin) {
	s.changeInvite(e.Invite, func(i *Invite) {
		s.withdrawProjects(e.Invite, i)
		i.Role, i.Levels, i.From, i.Until, i.Sent = e.Role, e.Levels, e.From, e.Until, origin
		i.Message = cmp.Or(e.Message, i.Message)
		if i.expiryRecorded && !ended(i.Expires, origin.At) {
			i.expiryRecorded = false
			s.endedInvites.remove(s.owner, e.Invite)
		}
		s.offer(e.Invite, i, e.Projects, e.Teams)
	})
}

// offer lets an invite lead to projects and teams.
func (s *state) offer(id events.InviteID, i *Invite, projects []events.ProjectRole, teams []events.TeamRole) {
	i.projects, i.teams = make([]InvitedProject, len(projects)), make([]invitedTeam, len(teams))
	for n, p := range projects {
		i.projects[n].ProjectRole = p
		inviting, invites := champ.Update(s.owner, s.inviting, p.Project)
		*invites = champ.Set(s.owner, *invites, id, struct{}{})
		s.inviting = inviting
	}
	for n, t := range teams {
		i.teams[n].TeamRole = t
		if team := s.teams.At(t.Team); team != nil {
			i.teams[n].created = team.Created
		}
	}
}

// withdrawProjects says that an invite leads to its projects no more.
func (s *state) withdrawProjects(id events.InviteID, i *Invite) {
	for _, p := range i.projects {
		if !p.Deleted {
			s.closeInviteTo(p.Project, id)
		}
	}
}

// bindOf returns who can accept an invite. Those of before said it by naming a person, or not.
func bindOf(e events.MemberInvited) events.InviteBind {
	switch {
	case e.Bind != "":
		return e.Bind
	case e.Member != "":
		return events.BindUser
	}
	return events.BindAnyone
}

// resend gives an invite another secret, and another sender.
func (s *state) resend(e events.InviteResent, origin events.Origin) {
	s.changeInvite(e.Invite, func(i *Invite) {
		i.token, i.Nonce, i.Expires, i.Sent, i.Issued = e.Token, e.Nonce, e.Expires, origin, origin
		i.Message = cmp.Or(e.Message, i.Message)
		i.Opened, i.expiryRecorded = time.Time{}, false
		s.endedInvites.remove(s.owner, e.Invite)
	})
}

// closeInvite ends an invite, and keeps how it ended. Of one that is forgotten nothing is kept: an entry may end several, and earlier versions, which forgot none,
// have ended some that had expired long before.
func (s *state) closeInvite(id events.InviteID, status InviteStatus, member events.UserID, origin events.Origin) {
	invite := s.findInvite(id)
	if invite == nil {
		return
	}
	if status == InviteRevoked && invite.expiryRecorded {
		status = InviteExpired // it made way for another one
	}
	s.closed = champ.Set(s.owner, s.closed, id, ClosedInvite{
		Status: status, Role: invite.Role, Email: invite.Email, First: invite.First, Sent: invite.Sent, Closed: origin, Member: cmp.Or(member, invite.Member),
		token: invite.token,
	})
	s.dropOpenInvite(id, invite)
	s.endedInvites.add(s.owner, id)
	if status != InviteAccepted { // addMember comes next, and may keep it
		s.forgetEndedInvites()
	}
}

// expireInvite notes that it is recorded that an invite expired. It stays open, since it can be sent again.
func (s *state) expireInvite(id events.InviteID) {
	s.changeInvite(id, func(i *Invite) {
		i.expiryRecorded = true
		s.endedInvites.add(s.owner, id)
	})
	s.forgetEndedInvites()
}

// keepInviteOf keeps the invite by which somebody joined as long as they are a member: accepting it again answers the same.
func (s *state) keepInviteOf(user events.UserID, id events.InviteID) {
	if closed := s.closed.At(id); closed != nil && closed.Member == user {
		s.endedInvites.remove(s.owner, id)
	}
	s.forgetEndedInvites()
}

// releaseInviteOf undoes keepInviteOf when they are no member any more.
func (s *state) releaseInviteOf(user events.UserID, id events.InviteID) {
	if closed := s.closed.At(id); closed != nil && closed.Member == user {
		s.endedInvites.add(s.owner, id)
		s.forgetEndedInvites()
	}
}

// forgetEndedInvites forgets those that ended first, as far as there are more than are kept.
func (s *state) forgetEndedInvites() {
	for id, more := s.endedInvites.surplus(); more; id, more = s.endedInvites.surplus() {
		one := forgottenInvite{id: id}
		if open := s.findInvite(id); open != nil { // it has expired
			one.token = open.token
			s.dropOpenInvite(id, open)
		} else {
			one.token = s.closed.At(id).token
			s.closed = champ.Delete(s.owner, s.closed, id)
		}
		s.endedInvites.remove(s.owner, id)
		s.forgottenInvites = append(s.forgottenInvites, one)
	}
}

// dropOpenInvite removes an invite from those that are open.
func (s *state) dropOpenInvite(id events.InviteID, invite *Invite) {
	s.withdrawProjects(id, invite)
	s.invited = champ.Delete(s.owner, s.invited, invite.address)
	if invite.Member != "" {
		s.invitees = champ.Delete(s.owner, s.invitees, invite.Member)
	}
	s.invites = champ.Delete(s.owner, s.invites, id)
	s.forgetRemoved()
}

// forgetRemoved forgets who was removed when nothing is left by which they could come back.
func (s *state) forgetRemoved() {
	if s.invites.Len() == 0 && s.emailDomains.Len() == 0 {
		s.removed = champ.Map[events.UserID, events.Origin]{}
	}
}

// closeInviteTo says that an invite does not include a project any more.
func (s *state) closeInviteTo(id events.ProjectID, invite events.InviteID) {
	inviting, invites := champ.Update(s.owner, s.inviting, id)
	*invites = champ.Delete(s.owner, *invites, invite)
	if invites.Len() == 0 {
		inviting = champ.Delete(s.owner, inviting, id)
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
	invite := s.findInvite(id)
	if invite == nil {
		return
	}
	changed := *invite
	change(&changed)
	s.invites = champ.Set(s.owner, s.invites, id, &changed)
}
