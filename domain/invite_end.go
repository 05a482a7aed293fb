package domain

import (
	"fmt"

	"github.com/seed-2026d078/roster/events"
)

// inviteEnd is why an invite cannot be accepted as it is, with what to do about it: those to whom it was sent ask, those who may send it
// again do that, or change it.
type inviteEnd struct {
	status InviteStatus
	rule   *Rejection
	// cause is a sentence without its end.
	cause       string
	ask, remedy string
}

// What to do about an invite that cannot be accepted as it is.
const (
	askForNewOne = "ask for a new invite"
	changeOffer  = "change what it offers, without that or with something else"
	sendAgain    = "send it again, and the offer rests on you"
)

func (e *inviteEnd) toInvited() error { return e.rule.Because("%s; %s.", e.cause, e.ask) }

func (e *inviteEnd) toSender() error { return e.rule.Because("%s; %s.", e.cause, e.remedy) }

// InviteReason says why an invite cannot be accepted now, to somebody who sees it: those who may send it again hear what they can do.
// It is empty if the invite can be accepted.
func (o Organization) InviteReason(actor events.UserID, i Invite) string {
	if end := o.inviteEnded(&i); end != nil && o.Authorize(actor, InvitingMember, About{}) == nil {
		return end.toSender().Error()
	}
	if _, err := o.InviteStatus(i); err != nil {
		return err.Error()
	}
	return ""
}

// inviteEnded says why an invite has expired or become void; nil if it has not.
func (o Organization) inviteEnded(i *Invite) *inviteEnd {
	void := func(cause, ask string) *inviteEnd {
		return &inviteEnd{InviteVoid, ErrInviteVoid, cause, ask, sendAgain}
	}
	const mayNot = "Who sent the invite may no longer give what it offers"
	if !o.spend(stepsToResolve + stepsToLookUp*(len(i.projects)+len(i.teams))) {
		return void(mayNot, askForNewOne)
	}
	if i.expired(o.at) {
		return &inviteEnd{InviteExpired, ErrInviteExpired, "The invite has expired", "ask for a new one", "send it again"}
	}
	if gone := o.inviteOffersGone(i); gone != nil {
		return gone
	}
	switch {
	case o.senderWasAway(i):
		return void("Who sent the invite was suspended, or not in the organization, since then", askForNewOne)
	case !o.senderMayInvite(i):
		return void(mayNot, "ask somebody who may for a new one")
	}
	return nil
}

// inviteOffersGone says that something that an invite offers is gone; nil if nothing is.
func (o Organization) inviteOffersGone(i *Invite) *inviteEnd {
	gone := func(format string, args ...any) *inviteEnd {
		return &inviteEnd{InviteVoid, ErrInviteVoid, fmt.Sprintf(format, args...), askForNewOne, changeOffer}
	}
	if o.scheme.organization.find(i.Role) == nil {
		return gone("The role %q, which the invite offers, is gone", i.Role)
	}
	for _, p := range i.projects {
		switch {
		case p.Deleted:
			return gone("The project %q, which the invite includes, was deleted", p.Project)
		case o.scheme.project.find(p.Role) == nil:
			return gone("The role %q on project %q, which the invite offers, is gone", p.Role, p.Project)
		}
	}
	for _, t := range i.teams {
		team := o.teams.At(t.Team)
		switch {
		case team == nil || another(team.Created, t.created):
			return gone("The team %q, which the invite includes, was removed", t.Team)
		case o.scheme.team.find(t.Role) == nil:
			return gone("The role %q in team %q, which the invite offers, is gone", t.Role, t.Team)
		}
	}
	return nil
}
