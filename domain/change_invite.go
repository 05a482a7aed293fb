package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ChangeInvite changes what an open invite offers. The secret that was sent opens it as before.
type ChangeInvite struct {
	Invite events.InviteID
	// Role, Levels, From, Until, Projects and Teams are what it offers from then on, as in [InviteMember]; nil leaves each as it is.
	Role     *events.RoleKey
	Levels   *events.Levels
	From     *time.Time
	Until    *time.Time
	Projects *[]events.ProjectRole
	Teams    *[]events.TeamRole
	// Message is what the sender says now; empty: what was said before.
	Message events.Sealed
}

// Decide lets those change what an invite offers who may send it anew, to what they may give, also of what stays. They also may take away what
// it offers. The offer rests on them from then on. Projects and teams that are gone do not stay, nor do own levels where the new role takes none.
func (c ChangeInvite) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	invite, err := org.inviteToSend(m, c.Invite)
	if err != nil {
		return nil, err
	}
	if org.scheme.organization.find(invite.Role) != nil { // a role that is gone has no rank
		if err := org.mayTake(m.Actor, invite.Role); err != nil {
			return nil, err
		}
	}
	offer, err := c.apply(org, invite).validate(org, m)
	if err != nil {
		return nil, err
	}
	before := invite.offered()
	before.from = startOf(before.from, m)
	message := c.Message
	if message == invite.Message {
		message = ""
	}
	if offer.equal(before) && org.inviteOffersGone(invite) == nil && message == "" {
		return nil, nil // already so
	}
	if err := org.requireSeatAgain(invite); err != nil {
		return nil, err
	}
	return []events.Event{events.InviteChanged{
		Invite: c.Invite, Role: offer.role, Levels: offer.levels, From: offer.from, Until: offer.until, Projects: offer.projects, Teams: offer.teams, Message: message,
	}}, nil
}

// apply returns what an invite offers once it is changed.
func (c ChangeInvite) apply(org Organization, i *Invite) inviteOffer {
	offer := org.standing(i)
	setIfGiven(&offer.role, c.Role)
	if role, err := org.scheme.organization.orDefault(offer.role); c.Role != nil && err == nil && org.scheme.organization.find(role).OwnLevels == "" {
		offer.levels = nil
	}
	setIfGiven(&offer.levels, c.Levels)
	setIfGiven(&offer.from, c.From)
	setIfGiven(&offer.until, c.Until)
	setIfGiven(&offer.projects, c.Projects)
	setIfGiven(&offer.teams, c.Teams)
	return offer
}

// setIfGiven changes what a command gives.
func setIfGiven[T any](to, given *T) {
	if given != nil {
		*to = *given
	}
}

// inviteToSend returns an open invite that the actor may send, or change.
func (o Organization) inviteToSend(m events.Moment, id events.InviteID) (*Invite, error) {
	if err := o.Authorize(m.Actor, InvitingMember, About{}); err != nil {
		return nil, byRule(err, "Those change invites, and send them again, who may invite")
	}
	invite := o.findInvite(id)
	if invite == nil {
		return nil, o.noInvite(m.Actor, id)
	}
	return invite, nil
}

// requireSeatAgain fails if an invite that can be accepted again needs a seat, and none is free.
func (o Organization) requireSeatAgain(i *Invite) error {
	if !o.scheme.Seats.InvitesHold || o.inviteStands(i) {
		return nil
	}
	return o.requireSeat()
}
