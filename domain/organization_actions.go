package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// ActionsOnOrganization returns what an actor may do in the organization itself. An
// action that needs more to decide on, such as an address to invite, is included where
// the scheme allows it and, if it gives roles, the actor may give one. The roles are those that the actor may give to new members.
func (o Organization) ActionsOnOrganization(m events.Moment) AvailableActions {
	if !o.Sees(m.Actor) {
		return AvailableActions{}
	}
	available := o.tryActions(m, About{},
		trial{RenamingOrganization, single(RenameOrganization{trialName})},
		trial{ArchivingOrganization, single(ArchiveOrganization{})},
		trial{RestoringOrganization, single(RestoreOrganization{})},
		trial{DeletingOrganization, single(DeleteOrganization{})},
	)
	for _, role := range o.scheme.organization.keys() {
		if o.mayGive(m.Actor, role, nil) == nil {
			available.Roles = append(available.Roles, role)
		}
	}
	for _, action := range []events.Action{
		TransferringOwnership, ChangingScheme, ChangingSeats, DefiningRole, RedefiningRole, RenamingRole, RetiringRole,
		AddingMember, InvitingMember, RevokingInvite, CreatingProject, CreatingTeam,
		SeeingMembers, SeeingInvites, SeeingAllProjects, SeeingTeams, SeeingReports, SeeingAuditLog,
	} {
		givesRole := action == AddingMember || action == InvitingMember
		if o.Authorize(m.Actor, action, About{}) == nil && (!givesRole || len(available.Roles) > 0) {
			available.Actions = append(available.Actions, action)
		}
	}
	return available
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
	if action == AssigningTeam && slices.ContainsFunc(member.teams, func(team events.TeamID) bool {
		return o.Authorize(actor, action, About{Project: id, Team: team}) == nil
	}) {
		return nil
	}
	return o.Authorize(actor, action, About{Project: id, Member: actor})
}
