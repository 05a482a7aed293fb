package domain

import (
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/events"
)

// The actions that a scheme can allow: every command that people give, and every
// view that is not open to all. Somebody who may change something may see it only
// where the scheme says so.
const (
	RenamingOrganization     events.Action = "rename_organization"
	ArchivingOrganization    events.Action = "archive_organization"
	RestoringOrganization    events.Action = "restore_organization"
	DeletingOrganization     events.Action = "delete_organization"
	TransferringOwnership    events.Action = "transfer_ownership"
	ChangingScheme           events.Action = "change_scheme"
	ChangingSeats            events.Action = "change_seats"
	DefiningRole             events.Action = "define_role"
	RedefiningRole           events.Action = "redefine_role"
	RenamingRole             events.Action = "rename_role"
	RetiringRole             events.Action = "retire_role"
	AddingMember             events.Action = "add_member"
	InvitingMember           events.Action = "invite_member"
	RevokingInvite           events.Action = "revoke_invite"
	ChangingRole             events.Action = "change_role"
	ChangingLevels           events.Action = "change_levels"
	ChangingMemberEnd        events.Action = "change_member_end"
	DeactivatingMember       events.Action = "deactivate_member"
	ReactivatingMember       events.Action = "reactivate_member"
	RemovingMember           events.Action = "remove_member"
	AttestingAccess          events.Action = "attest_access"
	CreatingProject          events.Action = "create_project"
	RenamingProject          events.Action = "rename_project"
	ArchivingProject         events.Action = "archive_project"
	RestoringProject         events.Action = "restore_project"
	DeletingProject          events.Action = "delete_project"
	TurningOnPublicLink      events.Action = "turn_on_public_link"
	RotatingPublicLink       events.Action = "rotate_public_link"
	TurningOffPublicLink     events.Action = "turn_off_public_link"
	AddingProjectMember      events.Action = "add_project_member"
	ChangingProjectRole      events.Action = "change_project_role"
	ChangingProjectLevels    events.Action = "change_project_levels"
	ChangingProjectMemberEnd events.Action = "change_project_member_end"
	RemovingProjectMember    events.Action = "remove_project_member"
	SettingOverride          events.Action = "set_override"
	ClearingOverride         events.Action = "clear_override"
	CreatingTeam             events.Action = "create_team"
	RenamingTeam             events.Action = "rename_team"
	DescribingTeam           events.Action = "describe_team"
	ColouringTeam            events.Action = "colour_team"
	MovingTeam               events.Action = "move_team"
	RemovingTeam             events.Action = "remove_team"
	AddingTeamMember         events.Action = "add_team_member"
	ChangingTeamRole         events.Action = "change_team_role"
	RemovingTeamMember       events.Action = "remove_team_member"
	AssigningTeam            events.Action = "assign_team"
	ChangingAssignment       events.Action = "change_assignment"
	ChangingAssignmentEnd    events.Action = "change_assignment_end"
	UnassigningTeam          events.Action = "unassign_team"
	SeeingMembers            events.Action = "see_members"
	SeeingInvites            events.Action = "see_invites"
	SeeingTeams              events.Action = "see_teams"
	SeeingSecretTeams        events.Action = "see_secret_teams"
	SeeingProjectMembers     events.Action = "see_project_members"
	SeeingAccessOfOthers     events.Action = "see_access_of_others"
	SeeingPublicLink         events.Action = "see_public_link"
	SeeingReports            events.Action = "see_reports"
	SeeingAuditLog           events.Action = "see_audit_log"
)

// Actions lists every action that a scheme can allow.
func Actions() []events.Action { return slices.Concat(commands(), views()) }

// commands are the actions that change something.
func commands() []events.Action {
	return []events.Action{
		RenamingOrganization,
		ArchivingOrganization,
		RestoringOrganization,
		DeletingOrganization,
		TransferringOwnership,
		ChangingScheme,
		ChangingSeats,
		DefiningRole,
		RedefiningRole,
		RenamingRole,
		RetiringRole,
		AddingMember,
		InvitingMember,
		RevokingInvite,
		ChangingRole,
		ChangingLevels,
		ChangingMemberEnd,
		DeactivatingMember,
		ReactivatingMember,
		RemovingMember,
		AttestingAccess,
		CreatingProject,
		RenamingProject,
		ArchivingProject,
		RestoringProject,
		DeletingProject,
		TurningOnPublicLink,
		RotatingPublicLink,
		TurningOffPublicLink,
		AddingProjectMember,
		ChangingProjectRole,
		ChangingProjectLevels,
		ChangingProjectMemberEnd,
		RemovingProjectMember,
		SettingOverride,
		ClearingOverride,
		CreatingTeam,
		RenamingTeam,
		DescribingTeam,
		ColouringTeam,
		MovingTeam,
		RemovingTeam,
		AddingTeamMember,
		ChangingTeamRole,
		RemovingTeamMember,
		AssigningTeam,
		ChangingAssignment,
		ChangingAssignmentEnd,
		UnassigningTeam,
	}
}

// views are the actions that show something.
func views() []events.Action {
	return []events.Action{
		SeeingMembers,
		SeeingInvites,
		SeeingTeams,
		SeeingSecretTeams,
		SeeingProjectMembers,
		SeeingAccessOfOthers,
		SeeingPublicLink,
		SeeingReports,
		SeeingAuditLog,
	}
}

// shows tells whether an action changes nothing.
func shows(action events.Action) bool { return strings.HasPrefix(string(action), "see_") }

// aboutProject tells whether an action is about a project whatever it does.
func aboutProject(action events.Action) bool {
	switch action {
	case RenamingProject, ArchivingProject, RestoringProject, DeletingProject,
		TurningOnPublicLink, RotatingPublicLink, TurningOffPublicLink, SeeingPublicLink,
		AddingProjectMember, ChangingProjectRole, ChangingProjectLevels, ChangingProjectMemberEnd, RemovingProjectMember,
		SettingOverride, ClearingOverride, SeeingProjectMembers, SeeingAccessOfOthers,
		AssigningTeam, ChangingAssignment, ChangingAssignmentEnd, UnassigningTeam:
		return true
	}
	return false
}

// aboutTeam tells whether an action is about one team whatever it does.
func aboutTeam(action events.Action) bool {
	switch action {
	case RenamingTeam, DescribingTeam, ColouringTeam, MovingTeam, RemovingTeam,
		AddingTeamMember, ChangingTeamRole, RemovingTeamMember:
		return true
	}
	return false
}
