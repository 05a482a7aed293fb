package domain

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// The commands that go with [InvitingMember]: schemes do not name them.
const (
	ChangingInvite  events.Action = "change_invite"
	ResendingInvite events.Action = "resend_invite"
)

// trialToken is the hash of a secret that no invite has.
var trialToken = events.Sum([]byte(trialName))

// ActionsOnInvite returns what an actor may do about an open invite, the change of it among that
// if the actor could let it offer something else.
func (o Organization) ActionsOnInvite(m events.Moment, id events.InviteID) AvailableActions {
	available := o.tryActions(m, About{}, trial{RevokingInvite, single(RevokeInvite{id})})
	if o.Authorize(m.Actor, InvitingMember, About{}) != nil {
		return available
	}
	if slices.ContainsFunc(o.changeInviteTrials(m, id), func(c Command) bool { return o.changes(m, c) }) {
		available.Actions = append(available.Actions, ChangingInvite)
	}
	if o.changes(m, ResendInvite{Invite: id, Token: trialToken}) {
		available.Actions = append(available.Actions, ResendingInvite)
	}
	return available
}

// changeInviteTrials tries each role alone, without an end and with one: one of them is a change, and who may not offer that may offer no more beside it.
func (o Organization) changeInviteTrials(m events.Moment, id events.InviteID) (all []Command) {
	end, _ := trialEnds(m, term{})
	for _, role := range o.scheme.organization.keys() {
		for _, until := range []time.Time{{}, end} {
			all = append(all, ChangeInvite{id, &role, new(events.Levels), new(time.Time), &until, new([]events.ProjectRole), new([]events.TeamRole), ""})
		}
	}
	return all
}
