package domain

import (
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// ActionsOnProject returns what an actor may do with a project. The roles are those
// that the actor may give to people, and to teams, whom they add: to all who are candidates.
func (o Organization) ActionsOnProject(m events.Moment, id events.ProjectID) AvailableActions {
	available := o.tryActions(m, About{Project: id, Member: m.Actor},
		trial{RenamingProject, single(RenameProject{id, trialName})},
		trial{DescribingProject, single(DescribeProject{id, trialName})},
		trial{ArchivingProject, single(ArchiveProject{id})},
		trial{RestoringProject, single(RestoreProject{id})},
		trial{DeletingProject, single(DeleteProject{id})},
		trial{TakingOverProject, single(TakeOverProject{id})},
		trial{TurningOnPublicLink, single(TurnOnPublicLink{Project: id})},
		trial{RotatingPublicLink, single(RotatePublicLink{Project: id})},
		trial{TurningOffPublicLink, single(TurnOffPublicLink{id})},
		trial{RemovingProjectMember, single(RemoveProjectMember{id, m.Actor})},
	)
	for _, role := range o.scheme.project.keys() {
		if o.mayGrant(id, m.Actor, "", role, nil, nil) == nil {
			available.Roles = append(available.Roles, role)
		}
	}
	if len(available.Roles) > 0 && o.mayAddToProject(m.Actor, id) {
		available.Actions = append(available.Actions, AddingProjectMember)
	}
	if o.mayAssignSomeTeam(m.Actor, id, available.Roles) {
		available.Actions = append(available.Actions, AssigningTeam)
	}
	for _, action := range []events.Action{SeeingProjectMembers, SeeingPublicLink} {
		if o.Authorize(m.Actor, action, About{Project: id}) == nil {
			available.Actions = append(available.Actions, action)
		}
	}
	return available
}

// mayAddToProject reports whether the scheme allows an actor to add people to a project, or at
// least themselves, if they have no direct grant and something else to give from.
func (o Organization) mayAddToProject(actor events.UserID, id events.ProjectID) bool {
	if o.Authorize(actor, AddingProjectMember, About{Project: id}) == nil {
		return true
	}
	return !o.granted(actor, id) && o.HasAccess(actor, id) && o.Authorize(actor, AddingProjectMember, About{Project: id, Member: actor}) == nil
}

// granted reports whether somebody has a direct grant on a project that has not ended.
func (o Organization) granted(user events.UserID, id events.ProjectID) bool {
	member := o.members.At(user)
	if member == nil {
		return false
	}
	grant := member.findGrant(id)
	return grant != nil && !grant.ended(o.at)
}

// mayAssignSomeTeam reports whether an actor may assign a team to a project with one of some
// roles, or with the default of each member where the scheme gives them that.
func (o Organization) mayAssignSomeTeam(actor events.UserID, id events.ProjectID, roles []events.RoleKey) bool {
	if o.AuthorizeForSome(actor, AssigningTeam, id) != nil {
		return false
	}
	if o.scheme.Teams.Confer == events.MembersDefault {
		return o.mayAssignTeam(actor, id, "") == nil
	}
	return len(roles) > 0
}

// CanBeAdded reports whether an actor can add somebody to a project, as far as that depends on
// the person: an active member who is not on the project, or is there only through teams, and has no
// grant that starts later. Who is not on the project has nothing to give themselves, and who is elevated adds themselves
// by what they hold without that, which may be less than the roles that are offered.
func (o Organization) CanBeAdded(actor, user events.UserID, id events.ProjectID) bool {
	if o.granted(user, id) || actor == user && o.members.At(actor).isElevated() {
		return false
	}
	access, _ := o.accessBeforeArchiving(user, id)
	if len(access.Sources) == 0 {
		return actor != user && (access.Reason == NotOnProject || access.Reason == NoSuchProject)
	}
	return !slices.ContainsFunc(access.Sources, func(s Source) bool { return s.Kind != ThroughTeam })
}

// CanBeAssigned reports whether an actor may assign a team to a project, as far as that
// depends on the team: the team is not there, or its assignment has ended. Who is elevated assigns a team of theirs by what they
// hold without that, which may be less than the roles that are offered.
func (o Organization) CanBeAssigned(actor events.UserID, team events.TeamID, id events.ProjectID) bool {
	project, there := o.Project(id)
	if !there || o.Authorize(actor, AssigningTeam, About{Project: id, Team: team}) != nil || o.members.At(actor).isElevated() && o.isInTeam(actor, team) {
		return false
	}
	a, assigned := project.Assignment(team)
	return !assigned || a.ended(o.at)
}
