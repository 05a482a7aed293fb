package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// ActionsOnOrganization returns what an actor may do in the organization itself. An
// action that needs more to decide on, such as a name, or an address to invite, is included
// where the scheme allows it: if it gives roles, only if the actor may give one, and if it takes a
// seat, only if one is free. The roles are those that the actor may give to new members.
func (o Organization) ActionsOnOrganization(m events.Moment) AvailableActions {
	if !o.Sees(m.Actor) {
		return AvailableActions{}
	}
	available := o.tryActions(m, About{Member: m.Actor},
		trial{RenamingOrganization, single(RenameOrganization{trialName})},
		trial{ArchivingOrganization, single(ArchiveOrganization{})},
		trial{RestoringOrganization, single(RestoreOrganization{})},
		trial{DeletingOrganization, single(DeleteOrganization{})},
		trial{TransferringOwnership, o.transferTrials(m.Actor)},
		trial{DefiningRole, o.defineTrials},
		trial{RedefiningRole, o.redefineTrials},
		trial{RetiringRole, o.retireTrials},
		trial{RevokingInvite, o.revokeTrials},
	)
	for _, role := range o.scheme.organization.keys() {
		if o.mayGive(m.Actor, role, nil) == nil {
			available.Roles = append(available.Roles, role)
		}
	}
	own := o.withoutElevationsOf(m.Actor) // for what the actor would keep, or what changes the rules
	for _, more := range []struct {
		action  events.Action
		refused bool
	}{
		{ChangingScheme, o.requireHighest(m.Actor) != nil || own.Authorize(m.Actor, ChangingScheme, About{}) != nil},
		{ChangingSeats, false},
		{ChangingAccessRequests, false},
		{SettingEmailDomain, len(available.Roles) == 0 || own.Authorize(m.Actor, SettingEmailDomain, About{}) != nil},
		{VerifyingEmailDomain, o.emailDomains.Len() == 0},
		{RemovingEmailDomain, o.emailDomains.Len() == 0},
		{SeeingEmailDomains, false},
		{RenamingRole, false},
		{AddingMember, len(available.Roles) == 0 || o.requireSeat() != nil},
		{InvitingMember, len(available.Roles) == 0 || o.scheme.Seats.InvitesHold && o.requireSeat() != nil},
		{CreatingProject, o.scheme.ProjectCreator != "" && own.Authorize(m.Actor, CreatingProject, About{}) != nil},
		{CreatingTeam, !o.scheme.Teams.On},
		{SeeingMembers, false},
		{SeeingInvites, false},
		{SeeingAllProjects, false},
		{SeeingTeams, false},
		{SeeingReports, false},
		{SeeingAuditLog, false},
	} {
		if !more.refused && o.Authorize(m.Actor, more.action, About{}) == nil {
			available.Actions = append(available.Actions, more.action)
		}
	}
	return available
}

// maxOwnersTried is how many members are tried to find out whether an actor may transfer the
// ownership of an organization to somebody. The first is nearly always accepted.
const maxOwnersTried = 100

// transferTrials tries to pass the actor's role on to members, each time for every role that the
// actor could get.
func (o Organization) transferTrials(actor events.UserID) func() []Command {
	return func() (all []Command) {
		if owner := o.active(actor); owner == nil || owner.Role != o.scheme.organization.highest() {
			return nil
		}
		tried := 0
		for user, member := range o.members.All() {
			if o.active(user) == nil || !o.lasts(&member) {
				continue
			}
			for _, role := range o.scheme.organization.keys() {
				all = append(all, TransferOwnership{user, role})
			}
			if tried++; tried == maxOwnersTried {
				break
			}
		}
		return all
	}
}

// revokeTrials tries one invite to each role: no rule asks for anything else.
func (o Organization) revokeTrials() (all []Command) {
	tried := map[events.RoleKey]bool{}
	for id, invite := range o.invites.All() {
		if !tried[invite.Role] {
			tried[invite.Role] = true
			all = append(all, RevokeInvite{id})
		}
	}
	return all
}

// AuthorizeForSome returns nil if an actor may take an action on a project with anybody: with
// everybody, with themselves, or with a team of theirs. Otherwise it returns what Authorize
// does.
func (o Organization) AuthorizeForSome(actor events.UserID, action events.Action, id events.ProjectID) error {
	err := o.Authorize(actor, action, About{Project: id})
	member := o.members.At(actor)
	if err == nil || member == nil {
		return err
	}
	o = o.withoutElevationsOf(actor) // by which nobody gives themselves anything
	if action == AssigningTeam && slices.ContainsFunc(member.teams, func(team events.TeamID) bool {
		return o.Authorize(actor, action, About{Project: id, Team: team}) == nil
	}) {
		return nil
	}
	return o.Authorize(actor, action, About{Project: id, Member: actor})
}
