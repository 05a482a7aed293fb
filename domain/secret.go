package domain

import "github.com/seed-2026d078/roster/events"

// SeesSecret reports whether an actor may read a secret now: the token of an invite or of a
// public link, of which hash is the hash. The secret must open something now. That of an
// invite is for its sender, as long as they may send it; that of a public link for those who
// see the link.
func (o Organization) SeesSecret(actor events.UserID, opens events.Subject, hash events.Hash) bool {
	if !o.Sees(actor) {
		return false
	}
	switch opens.Kind { //nolint:exhaustive // nothing else has a secret
	case events.InviteSubject:
		invite := o.findInvite(events.InviteID(opens.ID))
		return invite != nil && invite.token == hash && invite.Sent.Actor == actor && o.inviteStands(invite)
	case events.ProjectSubject:
		id := events.ProjectID(opens.ID)
		project, _ := o.Project(id)
		link, on := project.PublicLink()
		return on && link.token == hash && o.Authorize(actor, SeeingPublicLink, About{Project: id}) == nil
	}
	return false
}
