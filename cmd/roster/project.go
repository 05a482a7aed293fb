package main

// projectCmd is about projects and the people on them.
type projectCmd struct {
	Create         projectCreateCmd     `cmd:"" does:"create_project" help:"Create a project."`
	List           projectListCmd       `cmd:"" lists:"list_projects" columns:"PROJECT=id NAME=name ROLE=role PEOPLE=people TEAMS=teams LINK=public_link ARCHIVED=archived CREATED=created.since" help:"List the projects that the actor sees."`
	Show           projectShowCmd       `cmd:"" shows:"get_project" help:"Look at a project, and at what the actor may do about it."`
	Rename         projectRenameCmd     `cmd:"" does:"rename_project" help:"Give a project another name."`
	Describe       projectDescribeCmd   `cmd:"" does:"describe_project" help:"Give a project another description."`
	Archive        projectArg           `cmd:"" does:"archive_project" help:"Make a project read only."`
	Restore        projectArg           `cmd:"" does:"restore_project" help:"End the archiving of a project."`
	Delete         projectArg           `cmd:"" does:"delete_project" asks:"" help:"Delete a project with all access to it."`
	TakeOver       projectArg           `cmd:"" does:"take_over_project" help:"Become the owner of a project that has no active one."`
	Link           projectLinkCmd       `cmd:"" help:"The public link of a project."`
	Members        projectMembersCmd    `cmd:"" help:"List the people on a project, by every source of access."`
	Teams          projectTeamsCmd      `cmd:"" lists:"list_project_teams" columns:"TEAM=team NAME=name COLOUR=colour ROLE=role MEMBERS=members ASSIGNED=assigned.since BY=assigned.by FROM=from UNTIL=until" help:"List the teams on a project."`
	Search         projectSearchCmd     `cmd:"" help:"Search people and teams of a project together."`
	Candidates     projectCandidatesCmd `cmd:"" lists:"list_candidates" columns:"USER=user LOGIN=login NAME=name EMAIL=email ROLE=role" help:"List members of the organization who are not on a project, or are there only through a team."`
	CandidateTeams projectCandidatesCmd `cmd:"" lists:"list_candidate_teams" columns:"TEAM=team NAME=name COLOUR=colour MEMBERS=members" help:"List the teams that could be assigned to a project."`
	Add            projectAddCmd        `cmd:"" does:"add_project_member" help:"Grant members of the organization, and teams, roles on a project."`
	Role           projectRoleCmd       `cmd:"" does:"change_project_member_role" help:"Change the role of a grant."`
	Levels         projectLevelsCmd     `cmd:"" does:"change_project_member_levels" help:"Change somebody's own levels on a project."`
	Start          projectStartCmd      `cmd:"" does:"change_project_member_start" help:"Change when a grant starts that has not started."`
	End            projectEndCmd        `cmd:"" does:"change_project_member_end" help:"Change when a grant ends."`
	Override       projectOverrideCmd   `cmd:"" help:"Single permissions of somebody on a project, beside their role."`
	Attest         projectMemberArg     `cmd:"" does:"attest_project_access" help:"Record that the actor has reviewed somebody's access to a project."`
	Remove         projectMemberArg     `cmd:"" does:"remove_project_member" asks:"" help:"Withdraw a grant."`
}

// projectArg is the argument of verbs about one project.
type projectArg struct {
	organizationFlag

	Project string `arg:"" help:"The project." json:"project"`
}

type projectCreateCmd struct {
	organizationFlag

	ID          string `arg:"" help:"Its id." json:"id"`
	Name        string `help:"Its name; without it the id." json:"name,omitzero"`
	Description string `help:"What it is." json:"description,omitzero"`
}

type projectShowCmd struct {
	projectArg
	atFlag
}

type projectListCmd struct {
	organizationFlag
	atFlag

	Search   string `help:"Part of a name." json:"search,omitzero"`
	Archived string `enum:",true,false" default:"" help:"Only those that are archived: true; or are not: false." json:"archived,omitzero"`
}

type projectTeamsCmd struct {
	projectArg
	atFlag

	Search   string `help:"Part of a team's name, or of the name, login, address or role of somebody in it." json:"search,omitzero"`
	Inactive bool   `help:"List instead the teams whose assignment has ended." json:"inactive,omitzero"`
}

type projectRenameCmd struct {
	projectArg

	Name string `arg:"" help:"The new name." json:"name"`
}

type projectDescribeCmd struct {
	projectArg

	Description string `arg:"" help:"The new description; an empty one, as in \"\", removes it." json:"description"`
}

type projectCandidatesCmd struct {
	projectArg
	searchFlag
}

// projectLinkCmd is about a project's public link: whoever holds it sees the project.
type projectLinkCmd struct {
	Show   projectArg  `cmd:"" shows:"get_public_link" help:"Look at the link."`
	On     projectArg  `cmd:"" does:"turn_on_public_link" help:"Make a link; prints the token that opens the project."`
	Rotate projectArg  `cmd:"" does:"rotate_public_link" asks:"" help:"Replace the link, which is dead at once, by another one."`
	Off    projectArg  `cmd:"" does:"turn_off_public_link" asks:"" help:"End the link at once."`
	Open   linkOpenCmd `cmd:"" shows:"open_public_link" help:"Look at the project as whoever holds the link does."`
}

type linkOpenCmd struct {
	projectArg

	Token string `arg:"" help:"The secret in the link." json:"token"`
}

// projectOverrideCmd is about permissions that are set beside a role.
type projectOverrideCmd struct {
	Set   overrideSetCmd `cmd:"" does:"set_override" help:"Set one permission of somebody, whatever their role says."`
	Clear overrideArg    `cmd:"" does:"clear_override" help:"Give one permission of somebody back to their role."`
}

// overrideArg are the arguments of verbs about one permission of somebody.
type overrideArg struct {
	projectMemberArg

	Permission string `arg:"" help:"The permission, by its key in the scheme." json:"permission"`
}

type overrideSetCmd struct {
	overrideArg

	Level string `arg:"" help:"The level: none, view or full; of a switch, off or on." json:"level"`
}
