package main

// teamCmd is about teams. A team is named by its id, which outlives renames.
type teamCmd struct {
	Create   teamCreateCmd   `cmd:"" does:"create_team" help:"Create a team."`
	List     teamListCmd     `cmd:"" lists:"list_teams" columns:"TEAM=id NAME=name COLOUR=colour MEMBERS=members PARENT=parent PRIVACY=privacy DESCRIPTION=description" help:"List teams."`
	Show     teamShowCmd     `cmd:"" shows:"get_team" help:"Look at a team, and at what the actor may do about it."`
	Members  teamMembersCmd  `cmd:"" lists:"list_team_members" columns:"USER=user LOGIN=login NAME=name EMAIL=email ROLE=role STATUS=status SINCE=given.since" help:"List the members of a team."`
	Rename   teamRenameCmd   `cmd:"" does:"edit_team" help:"Give a team another name."`
	Describe teamDescribeCmd `cmd:"" does:"edit_team" help:"Change how a team presents itself and who sees it."`
	Colour   teamColourCmd   `cmd:"" does:"colour_team" help:"Change the colour of a team's icon."`
	Move     teamMoveCmd     `cmd:"" does:"edit_team" help:"Put a team, with all below it, under another one or at the top."`
	Remove   teamArg         `cmd:"" does:"remove_team" asks:"" help:"End a team with its memberships and assignments."`
	Add      teamAddCmd      `cmd:"" does:"add_team_member" help:"Put a member of the organization into a team."`
	Role     teamRoleCmd     `cmd:"" does:"change_team_member_role" help:"Change somebody's role in a team."`
	Drop     teamMemberArg   `cmd:"" does:"remove_team_member" asks:"" help:"Take somebody out of a team."`
	Assign   teamAssignCmd   `cmd:"" does:"assign_team" help:"Give everybody in a team a role on a project."`
	Reassign teamReassignCmd `cmd:"" does:"change_assignment" help:"Change the role that an assignment confers."`
	Start    teamStartCmd    `cmd:"" does:"change_assignment_start" help:"Change when an assignment starts that has not started."`
	End      teamEndCmd      `cmd:"" does:"change_assignment_end" help:"Change when an assignment ends."`
	Unassign assignmentArg   `cmd:"" does:"unassign_team" asks:"" help:"Take a team off a project."`
}

// teamArg is the argument of verbs about one team.
type teamArg struct {
	organizationFlag

	Team string `arg:"" help:"The team's id; team list --search finds it by its name." json:"team"`
}

type teamCreateCmd struct {
	organizationFlag

	Name        string `arg:"" help:"Its name." json:"name"`
	ID          string `help:"Its id; without it one is made." json:"id,omitzero"`
	Parent      string `placeholder:"TEAM" help:"The team above; without it the team stands at the top." json:"parent,omitzero"`
	Description string `help:"What it is for." json:"description,omitzero"`
	Privacy     string `enum:",closed,secret" default:"" help:"Who sees it: closed or secret." json:"privacy,omitzero"`
	Colour      string `help:"Colour of its icon, such as '#1a2b3c'; shells want the quotes." json:"colour,omitzero"`
}

type teamShowCmd struct {
	teamArg
	atFlag
}

type teamMembersCmd struct {
	teamArg
	atFlag
}

type teamListCmd struct {
	organizationFlag
	atFlag

	Search string `help:"Part of a name." json:"search,omitzero"`
}

type teamRenameCmd struct {
	teamArg

	Name string `arg:"" help:"The new name." json:"name"`
}

type teamDescribeCmd struct {
	teamArg

	Description *string `help:"What it is for; empty clears it." json:"description,omitzero"`
	Privacy     *string `help:"Who sees it: closed or secret; empty clears it." json:"privacy,omitzero"`
}

type teamColourCmd struct {
	teamArg

	Colour string `arg:"" help:"The colour, such as '#1a2b3c', for which shells want the quotes; empty clears it." json:"colour"`
}

type teamMoveCmd struct {
	teamArg

	Parent string `placeholder:"TEAM" help:"The team above; without it the team goes to the top." json:"parent"`
}

type teamAddCmd struct {
	teamMemberArg

	Role string `help:"Role in the team; without it the scheme's default." json:"role,omitzero"`
}

// teamMemberArg are the arguments of verbs about somebody in a team.
type teamMemberArg struct {
	teamArg

	User string `arg:"" help:"The member." json:"user"`
}

type teamRoleCmd struct {
	teamMemberArg

	Role string `arg:"" help:"The new role." json:"role"`
}

// assignmentArg are the arguments of verbs about a team on a project.
type assignmentArg struct {
	teamArg

	Project string `arg:"" help:"The project." json:"project"`
}

type teamAssignCmd struct {
	assignmentArg
	termFlags

	Role string `help:"Role on the project; without it the scheme's default." json:"role,omitzero"`
}

type teamReassignCmd struct {
	assignmentArg

	Role string `arg:"" help:"The new role." json:"role"`
}

type teamStartCmd struct {
	assignmentArg
	newStart
}

type teamEndCmd struct {
	assignmentArg
	newEnd
}
