package domain

import "github.com/seed-2026d078/roster/events"

// The actions that a scheme can allow: every command that people give, and every
// view that is not open to all. Somebody who may change something may see it only
// where the scheme says so.
const (
	RenamingOrganization        events.Action = "rename_organization"
	ArchivingOrganization       events.Action = "archive_organization"
	RestoringOrganization       events.Action = "restore_organization"
	DeletingOrganization        events.Action = "delete_organization"
	TransferringOwnership       events.Action = "transfer_ownership"
	ChangingScheme              events.Action = "change_scheme"
	ChangingSeats               events.Action = "change_seats"
	SettingEmailDomain          events.Action = "set_email_domain"
	VerifyingEmailDomain        events.Action = "verify_email_domain"
	RemovingEmailDomain         events.Action = "remove_email_domain"
	ChangingAccessRequests      events.Action = "change_access_requests"
	DefiningRole                events.Action = "define_role"
	RedefiningRole              events.Action = "redefine_role"
	RenamingRole                events.Action = "rename_role"
	RetiringRole                events.Action = "retire_role"
	AddingMember                events.Action = "add_member"
	InvitingMember              events.Action = "invite_member"
	RevokingInvite              events.Action = "revoke_invite"
	ChangingProfile             events.Action = "change_profile"
	ChangingMemberRole          events.Action = "change_member_role"
	ChangingMemberLevels        events.Action = "change_member_levels"
	ChangingMemberEnd           events.Action = "change_member_end"
	DeactivatingMember          events.Action = "deactivate_member"
	ReactivatingMember          events.Action = "reactivate_member"
	RemovingMember              events.Action = "remove_member"
	AttestingAccess             events.Action = "attest_access"
	CreatingProject             events.Action = "create_project"
	RenamingProject             events.Action = "rename_project"
	DescribingProject           events.Action = "describe_project"
	ArchivingProject            events.Action = "archive_project"
	RestoringProject            events.Action = "restore_project"
	DeletingProject             events.Action = "delete_project"
	TakingOverProject           events.Action = "take_over_project"
	TurningOnPublicLink         events.Action = "turn_on_public_link"
	RotatingPublicLink          events.Action = "rotate_public_link"
	TurningOffPublicLink        events.Action = "turn_off_public_link"
	AddingProjectMember         events.Action = "add_project_member"
	ChangingProjectMemberRole   events.Action = "change_project_member_role"
	ChangingProjectMemberLevels events.Action = "change_project_member_levels"
	ChangingProjectMemberEnd    events.Action = "change_project_member_end"
	RemovingProjectMember       events.Action = "remove_project_member"
	SettingOverride             events.Action = "set_override"
	ClearingOverride            events.Action = "clear_override"
	CreatingTeam                events.Action = "create_team"
	RenamingTeam                events.Action = "rename_team"
	DescribingTeam              events.Action = "describe_team"
	ColouringTeam               events.Action = "colour_team"
	MovingTeam                  events.Action = "move_team"
	RemovingTeam                events.Action = "remove_team"
	AddingTeamMember            events.Action = "add_team_member"
	ChangingTeamMemberRole      events.Action = "change_team_member_role"
	RemovingTeamMember          events.Action = "remove_team_member"
	AssigningTeam               events.Action = "assign_team"
	ChangingAssignment          events.Action = "change_assignment"
	ChangingAssignmentEnd       events.Action = "change_assignment_end"
	UnassigningTeam             events.Action = "unassign_team"
	SeeingMembers               events.Action = "see_members"
	SeeingInvites               events.Action = "see_invites"
	SeeingEmailDomains          events.Action = "see_email_domains"
	SeeingAllProjects           events.Action = "see_all_projects"
	SeeingTeams                 events.Action = "see_teams"
	SeeingSecretTeams           events.Action = "see_secret_teams"
	SeeingProjectMembers        events.Action = "see_project_members"
	SeeingAccessOfOthers        events.Action = "see_access_of_others"
	SeeingPublicLink            events.Action = "see_public_link"
	SeeingReports               events.Action = "see_reports"
	SeeingAuditLog              events.Action = "see_audit_log"
)

// actionInfo is what holds of one action, whatever the scheme allows.
type actionInfo struct {
	action events.Action
	// shows says that the action changes nothing. Any other action is taken by the command
	// of the same name: rename_organization by RenameOrganization.
	shows bool
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
	{action: RenamingOrganization},
	{action: ArchivingOrganization},
	{action: RestoringOrganization, archived: true},
	{action: DeletingOrganization, archived: true},
	{action: TransferringOwnership},
	{action: ChangingScheme},
	{action: ChangingSeats},
	{action: SettingEmailDomain},
	{action: VerifyingEmailDomain},
	{action: RemovingEmailDomain},
	{action: ChangingAccessRequests, needs: accessRequests},
	{action: DefiningRole, needs: customRoles},
	{action: RedefiningRole, needs: customRoles},
	{action: RenamingRole},
	{action: RetiringRole, needs: customRoles},
	{action: AddingMember},
	{action: InvitingMember},
	{action: RevokingInvite},
	{action: ChangingProfile},
	{action: ChangingMemberRole},
	{action: ChangingMemberLevels, needs: ownLevelsInOrganization},
	{action: ChangingMemberEnd},
	{action: DeactivatingMember},
	{action: ReactivatingMember},
	{action: RemovingMember},
	{action: AttestingAccess},
	{action: CreatingProject},
	{action: RenamingProject, about: aboutProject},
	{action: DescribingProject, about: aboutProject},
	{action: ArchivingProject, about: aboutProject},
	{action: RestoringProject, about: aboutProject, archived: true},
	{action: DeletingProject, about: aboutProject, archived: true},
	{action: TakingOverProject, about: aboutProject, needs: requiredHolders, archived: true},
	{action: TurningOnPublicLink, about: aboutProject, needs: publicLinks},
	{action: RotatingPublicLink, about: aboutProject, needs: publicLinks},
	{action: TurningOffPublicLink, about: aboutProject, needs: publicLinks, archived: true},
	{action: AddingProjectMember, about: aboutProject},
	{action: ChangingProjectMemberRole, about: aboutProject},
	{action: ChangingProjectMemberLevels, about: aboutProject, needs: ownLevelsOnProjects},
	{action: ChangingProjectMemberEnd, about: aboutProject},
	{action: RemovingProjectMember, about: aboutProject},
	{action: SettingOverride, about: aboutProject, needs: overrides},
	{action: ClearingOverride, about: aboutProject, needs: overrides},
	{action: CreatingTeam, needs: teams},
	{action: RenamingTeam, about: aboutTeam, needs: teams},
	{action: DescribingTeam, about: aboutTeam, needs: teams},
	{action: ColouringTeam, about: aboutTeam, needs: teams},
	{action: MovingTeam, about: aboutTeam, needs: nestedTeams},
	{action: RemovingTeam, about: aboutTeam, needs: teams},
	{action: AddingTeamMember, about: aboutTeam, needs: teams},
	{action: ChangingTeamMemberRole, about: aboutTeam, needs: teams},
	{action: RemovingTeamMember, about: aboutTeam, needs: teams},
	{action: AssigningTeam, about: aboutProject, needs: teams},
	{action: ChangingAssignment, about: aboutProject, needs: statedRoles},
	{action: ChangingAssignmentEnd, about: aboutProject, needs: teams},
	{action: UnassigningTeam, about: aboutProject, needs: teams},
	{action: SeeingMembers, shows: true},
	{action: SeeingInvites, shows: true},
	{action: SeeingEmailDomains, shows: true},
	{action: SeeingAllProjects, shows: true},
	{action: SeeingTeams, shows: true, needs: teams},
	{action: SeeingSecretTeams, shows: true, needs: teams},
	{action: SeeingProjectMembers, shows: true, about: aboutProject},
	{action: SeeingAccessOfOthers, shows: true, about: aboutProject},
	{action: SeeingPublicLink, shows: true, about: aboutProject, needs: publicLinks},
	{action: SeeingReports, shows: true},
	{action: SeeingAuditLog, shows: true},
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

// infoOf returns the row of an action; an empty one if the action is not known.
func infoOf(action events.Action) *actionInfo {
	if found := byAction[action]; found != nil {
		return found
	}
	return &actionInfo{}
}

// Shows reports whether an action changes nothing.
func Shows(action events.Action) bool { return infoOf(action).shows }

// MissingFor says what a scheme lacks so that nobody can take an action, as in "there
// are no teams". It is empty if nothing is missing.
func MissingFor(action events.Action, s *events.Scheme) string {
	if info := byAction[action]; info != nil && info.needs != nil {
		return info.needs(s)
	}
	return ""
}
