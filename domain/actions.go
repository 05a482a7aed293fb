package domain

import "github.com/seed-2026d078/roster/events"

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

// actionInfo is what holds of one action, whatever the scheme allows.
type actionInfo struct {
	action events.Action
	// command is the zero value of the command that takes the action. It is nil for an
	// action that only shows something.
	command Command
	// about is what the action is always about. An actor who cannot see that gets the
	// answer that it is not there.
	about target
	// needs is the part of a scheme without which nobody can take the action; nil if
	// every scheme has what it needs.
	needs requirement
	// archived says that the action can be taken on an organization, or project, that is
	// archived. Showing always can.
	archived bool
}

// target is what kind of thing an action is always about.
type target int

const (
	aboutOrganization target = iota
	aboutProject
	aboutTeam
)

// actions is the table of all actions. To add one, add a constant above and a row here,
// describe it in scheme/builtin/scheme.schema.json, and decide in each built-in scheme who
// may take it. Tests fail for what is forgotten.
var actions = []actionInfo{
	{action: RenamingOrganization, command: RenameOrganization{}},
	{action: ArchivingOrganization, command: ArchiveOrganization{}},
	{action: RestoringOrganization, command: RestoreOrganization{}, archived: true},
	{action: DeletingOrganization, command: DeleteOrganization{}, archived: true},
	{action: TransferringOwnership, command: TransferOwnership{}},
	{action: ChangingScheme, command: ChangeScheme{}},
	{action: ChangingSeats, command: ChangeSeats{}},
	{action: DefiningRole, command: DefineRole{}, needs: customRoles},
	{action: RedefiningRole, command: RedefineRole{}, needs: customRoles},
	{action: RenamingRole, command: RenameRole{}},
	{action: RetiringRole, command: RetireRole{}, needs: customRoles},
	{action: AddingMember, command: AddMember{}},
	{action: InvitingMember, command: InviteMember{}},
	{action: RevokingInvite, command: RevokeInvite{}},
	{action: ChangingRole, command: ChangeRole{}},
	{action: ChangingLevels, command: ChangeLevels{}, needs: ownLevelsInOrganization},
	{action: ChangingMemberEnd, command: ChangeMemberEnd{}},
	{action: DeactivatingMember, command: DeactivateMember{}},
	{action: ReactivatingMember, command: ReactivateMember{}},
	{action: RemovingMember, command: RemoveMember{}},
	{action: AttestingAccess, command: AttestAccess{}},
	{action: CreatingProject, command: CreateProject{}},
	{action: RenamingProject, command: RenameProject{}, about: aboutProject},
	{action: ArchivingProject, command: ArchiveProject{}, about: aboutProject},
	{action: RestoringProject, command: RestoreProject{}, about: aboutProject, archived: true},
	{action: DeletingProject, command: DeleteProject{}, about: aboutProject, archived: true},
	{action: TurningOnPublicLink, command: TurnOnPublicLink{}, about: aboutProject, needs: publicLinks},
	{action: RotatingPublicLink, command: RotatePublicLink{}, about: aboutProject, needs: publicLinks},
	{action: TurningOffPublicLink, command: TurnOffPublicLink{}, about: aboutProject, needs: publicLinks, archived: true},
	{action: AddingProjectMember, command: AddProjectMember{}, about: aboutProject},
	{action: ChangingProjectRole, command: ChangeProjectRole{}, about: aboutProject},
	{action: ChangingProjectLevels, command: ChangeProjectLevels{}, about: aboutProject, needs: ownLevelsOnProjects},
	{action: ChangingProjectMemberEnd, command: ChangeProjectMemberEnd{}, about: aboutProject},
	{action: RemovingProjectMember, command: RemoveProjectMember{}, about: aboutProject},
	{action: SettingOverride, command: SetOverride{}, about: aboutProject, needs: overrides},
	{action: ClearingOverride, command: ClearOverride{}, about: aboutProject, needs: overrides},
	{action: CreatingTeam, command: CreateTeam{}, needs: teams},
	{action: RenamingTeam, command: RenameTeam{}, about: aboutTeam, needs: teams},
	{action: DescribingTeam, command: DescribeTeam{}, about: aboutTeam, needs: teams},
	{action: ColouringTeam, command: ColourTeam{}, about: aboutTeam, needs: teams},
	{action: MovingTeam, command: MoveTeam{}, about: aboutTeam, needs: nestedTeams},
	{action: RemovingTeam, command: RemoveTeam{}, about: aboutTeam, needs: teams},
	{action: AddingTeamMember, command: AddTeamMember{}, about: aboutTeam, needs: teams},
	{action: ChangingTeamRole, command: ChangeTeamRole{}, about: aboutTeam, needs: teams},
	{action: RemovingTeamMember, command: RemoveTeamMember{}, about: aboutTeam, needs: teams},
	{action: AssigningTeam, command: AssignTeam{}, about: aboutProject, needs: teams},
	{action: ChangingAssignment, command: ChangeAssignment{}, about: aboutProject, needs: statedRoles},
	{action: ChangingAssignmentEnd, command: ChangeAssignmentEnd{}, about: aboutProject, needs: teams},
	{action: UnassigningTeam, command: UnassignTeam{}, about: aboutProject, needs: teams},
	{action: SeeingMembers},
	{action: SeeingInvites},
	{action: SeeingTeams, needs: teams},
	{action: SeeingSecretTeams, needs: teams},
	{action: SeeingProjectMembers, about: aboutProject},
	{action: SeeingAccessOfOthers, about: aboutProject},
	{action: SeeingPublicLink, about: aboutProject, needs: publicLinks},
	{action: SeeingReports},
	{action: SeeingAuditLog},
}

var byAction = func() map[events.Action]*actionInfo {
	found := make(map[events.Action]*actionInfo, len(actions))
	for i := range actions {
		found[actions[i].action] = &actions[i]
	}
	return found
}()

// Actions returns every action that a scheme can allow.
func Actions() []events.Action {
	all := make([]events.Action, len(actions))
	for i := range actions {
		all[i] = actions[i].action
	}
	return all
}

// CommandOf returns the zero value of the command that takes an action. It is nil for an
// action that only shows something, and for one that is not known.
func CommandOf(action events.Action) Command { return infoOf(action).command }

// infoOf returns the row of an action; an empty one if the action is not known.
func infoOf(action events.Action) *actionInfo {
	if found := byAction[action]; found != nil {
		return found
	}
	return &actionInfo{}
}

// shows tells whether an action changes nothing.
func shows(action events.Action) bool {
	info := byAction[action]
	return info != nil && info.command == nil
}
