package domain

import (
	"maps"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// The actions that a scheme can allow: every command that people give, and every
// view that is not open to all. Somebody who may change something may see it only
// where the scheme says so.
const (
	DeletingOrganization  events.Action = "delete_organization"
	AddingMember          events.Action = "add_member"
	InvitingMember        events.Action = "invite_member"
	RevokingInvite        events.Action = "revoke_invite"
	ChangingRole          events.Action = "change_role"
	RemovingMember        events.Action = "remove_member"
	CreatingProject       events.Action = "create_project"
	AddingProjectMember   events.Action = "add_project_member"
	ChangingProjectRole   events.Action = "change_project_role"
	RemovingProjectMember events.Action = "remove_project_member"
	CreatingTeam          events.Action = "create_team"
	RenamingTeam          events.Action = "rename_team"
	DescribingTeam        events.Action = "describe_team"
	MovingTeam            events.Action = "move_team"
	RemovingTeam          events.Action = "remove_team"
	AddingTeamMember      events.Action = "add_team_member"
	ChangingTeamRole      events.Action = "change_team_role"
	RemovingTeamMember    events.Action = "remove_team_member"
	AssigningTeam         events.Action = "assign_team"
	ChangingAssignment    events.Action = "change_assignment"
	UnassigningTeam       events.Action = "unassign_team"
	SeeingMembers         events.Action = "see_members"
	SeeingInvites         events.Action = "see_invites"
	SeeingTeams           events.Action = "see_teams"
	SeeingSecretTeams     events.Action = "see_secret_teams"
	SeeingProjectMembers  events.Action = "see_project_members"
	SeeingAccessOfOthers  events.Action = "see_access_of_others"
	SeeingAuditLog        events.Action = "see_audit_log"
)

// Actions lists every action that a scheme can allow.
func Actions() []events.Action {
	return []events.Action{
		DeletingOrganization, AddingMember, InvitingMember, RevokingInvite, ChangingRole, RemovingMember,
		CreatingProject, AddingProjectMember, ChangingProjectRole, RemovingProjectMember,
		CreatingTeam, RenamingTeam, DescribingTeam, MovingTeam, RemovingTeam,
		AddingTeamMember, ChangingTeamRole, RemovingTeamMember,
		AssigningTeam, ChangingAssignment, UnassigningTeam,
		SeeingMembers, SeeingInvites, SeeingTeams, SeeingSecretTeams, SeeingProjectMembers, SeeingAccessOfOthers, SeeingAuditLog,
	}
}

// About is what an action is about; empty members do not matter to it.
type About struct {
	Member  events.UserID
	Project events.ProjectID
	Team    events.TeamID
}

// Authorize returns nil where the actor may take the action. Otherwise it tells no
// more than the actor may know: what they cannot see is not there.
func (o Organization) Authorize(actor events.UserID, action events.Action, about About) error {
	if !o.Exists() {
		return ErrNoOrganization
	}
	if actor != events.System && o.members.At(actor) == nil {
		return ErrNoOrganization
	}
	if about.Project != "" && !o.SeesProject(actor, about.Project) {
		return ErrNoProject
	}
	if about.Team != "" && !o.SeesTeam(actor, about.Team) {
		return ErrNoTeam
	}
	if !o.allows(actor, action, about) {
		return ErrNotAllowed.because("Your role does not allow %s in this organization.", action)
	}
	return nil
}

// allows reads the scheme: does the actor fulfil one member of the allowance?
func (o Organization) allows(actor events.UserID, action events.Action, about About) bool {
	if actor == events.System {
		return true
	}
	member := o.members.At(actor)
	allowance, listed := o.scheme.Allow[action]
	if member == nil || !listed {
		return false
	}
	if allowance.Anyone || allowance.Self && about.Member == actor ||
		slices.Contains(allowance.OrganizationRoles, member.Role) ||
		grants(allowance.Organization, func(p events.PermissionKey) degree { return o.scheme.organization.degree(member.Role, p) }) {
		return true
	}
	if about.Project != "" {
		access := o.Access(actor, about.Project)
		if slices.Contains(allowance.ProjectRoles, access.Role) ||
			grants(allowance.Project, func(p events.PermissionKey) degree { return degreeOf(access.Level(p)) }) {
			return true
		}
	}
	return slices.Contains(allowance.TeamRoles, o.teamRole(actor, about.Team))
}

// grants tells whether every level asked for is held; asking for none is not a way in.
func grants(wanted map[events.PermissionKey]events.Level, held func(events.PermissionKey) degree) bool {
	for permission := range maps.Keys(wanted) {
		if held(permission) < degreeOf(wanted[permission]) {
			return false
		}
	}
	return len(wanted) > 0
}

func (o Organization) teamRole(user events.UserID, id events.TeamID) events.RoleKey {
	if team := o.teams.At(id); team != nil {
		if place := team.members.At(user); place != nil {
			return place.Role
		}
	}
	return ""
}

// SeesProject tells whether an actor may know that a project exists.
func (o Organization) SeesProject(actor events.UserID, id events.ProjectID) bool {
	switch {
	case o.projects.At(id) == nil:
		return false
	case actor == events.System:
		return true
	case o.scheme.ProjectsVisibleTo == events.ToOrganization:
		return o.members.At(actor) != nil
	}
	return o.onProject(actor, id)
}

// SeesTeam tells whether an actor may know that a team exists: a secret one is
// known to its members and to those who see secret teams.
func (o Organization) SeesTeam(actor events.UserID, id events.TeamID) bool {
	team := o.teams.At(id)
	switch {
	case team == nil:
		return false
	case actor == events.System || team.members.At(actor) != nil:
		return true
	case team.Privacy == events.Secret:
		return o.allows(actor, SeeingSecretTeams, About{Team: id})
	}
	return o.allows(actor, SeeingTeams, About{Team: id})
}
