package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// ActionsOnOrganization returns what an actor may do in the organization itself. An
// action that needs more to decide on, such as an address to invite, is included where
// the scheme allows it. The roles are those that the actor may give to new members.
func (o Organization) ActionsOnOrganization(m events.Moment) AvailableActions {
	if !o.Sees(m.Actor) {
		return AvailableActions{}
	}
	offer := o.offers(m, About{},
		attempt{RenamingOrganization, one(RenameOrganization{trialName})},
		attempt{ArchivingOrganization, one(ArchiveOrganization{})},
		attempt{RestoringOrganization, one(RestoreOrganization{})},
		attempt{DeletingOrganization, one(DeleteOrganization{})},
	)
	for _, action := range []events.Action{
		TransferringOwnership, ChangingScheme, ChangingSeats, DefiningRole, RedefiningRole, RenamingRole, RetiringRole,
		AddingMember, InvitingMember, RevokingInvite, CreatingProject, CreatingTeam,
		SeeingMembers, SeeingInvites, SeeingTeams, SeeingReports, SeeingAuditLog,
	} {
		if o.Authorize(m.Actor, action, About{}) == nil {
			offer.Actions = append(offer.Actions, action)
		}
	}
	for _, role := range o.scheme.organization.names() {
		if o.mayGive(m.Actor, role, nil) == nil {
			offer.Roles = append(offer.Roles, role)
		}
	}
	return offer
}

// ActionsOnProject returns what an actor may do with a project. The roles are those
// that the actor may give to people whom they add.
func (o Organization) ActionsOnProject(m events.Moment, id events.ProjectID) AvailableActions {
	offer := o.offers(m, About{Project: id, Member: m.Actor},
		attempt{RenamingProject, one(RenameProject{id, trialName})},
		attempt{ArchivingProject, one(ArchiveProject{id})},
		attempt{RestoringProject, one(RestoreProject{id})},
		attempt{DeletingProject, one(DeleteProject{id})},
		attempt{TurningOnPublicLink, one(TurnOnPublicLink{Project: id})},
		attempt{RotatingPublicLink, one(RotatePublicLink{Project: id})},
		attempt{TurningOffPublicLink, one(TurnOffPublicLink{id})},
		attempt{RemovingProjectMember, one(RemoveProjectMember{id, m.Actor})},
	)
	for _, action := range []events.Action{AddingProjectMember, AssigningTeam, SeeingProjectMembers, SeeingPublicLink} {
		if o.somehow(m.Actor, action, About{Project: id}) {
			offer.Actions = append(offer.Actions, action)
		}
	}
	for _, role := range o.scheme.project.names() {
		if o.mayGiveOn(id, m.Actor, role, nil) == nil {
			offer.Roles = append(offer.Roles, role)
		}
	}
	return offer
}

// ActionsOnTeam returns what an actor may do with a team. The roles are those that the
// actor may give in it.
func (o Organization) ActionsOnTeam(m events.Moment, id events.TeamID) AvailableActions {
	description := trialName
	offer := o.offers(m, About{Team: id},
		attempt{RenamingTeam, one(RenameTeam{id, trialName})},
		attempt{DescribingTeam, one(DescribeTeam{Team: id, Description: &description})},
		attempt{ColouringTeam, func() []Command { return []Command{ColourTeam{id, "#000001"}, ColourTeam{id, "#000002"}} }},
		attempt{RemovingTeam, one(RemoveTeam{id})},
	)
	for _, action := range []events.Action{MovingTeam, AddingTeamMember} {
		if o.somehow(m.Actor, action, About{Team: id}) && (action != MovingTeam || o.scheme.Teams.Nested) {
			offer.Actions = append(offer.Actions, action)
		}
	}
	for _, role := range o.scheme.team.names() {
		if o.mayHandOutIn(id, m.Actor, AddingTeamMember, role) == nil {
			offer.Roles = append(offer.Roles, role)
		}
	}
	return offer
}

// somehow tells whether an actor may do something there, if not with everybody then with
// themselves, or with a team of theirs.
func (o Organization) somehow(actor events.UserID, action events.Action, about About) bool {
	if o.Authorize(actor, action, about) == nil {
		return true
	}
	member := o.members.At(actor)
	if member == nil || shows(action) {
		return false
	}
	self := about
	self.Member = actor
	return o.Authorize(actor, action, self) == nil || about.Team == "" && slices.ContainsFunc(member.teams, func(team events.TeamID) bool {
		with := about
		with.Team = team
		return o.Authorize(actor, action, with) == nil
	})
}
