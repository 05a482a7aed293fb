package main

import "context"

// teamCmd is about teams. A team is named by its id, which outlives renames.
type teamCmd struct {
	Create   teamCreateCmd   `cmd:"" help:"Create a team."`
	List     teamListCmd     `cmd:"" help:"List teams."`
	Members  teamMembersCmd  `cmd:"" help:"List who is in a team."`
	Rename   teamRenameCmd   `cmd:"" help:"Give a team another name."`
	Describe teamDescribeCmd `cmd:"" help:"Change how a team presents itself and who sees it."`
	Colour   teamColourCmd   `cmd:"" help:"Change the colour of a team's icon."`
	Move     teamMoveCmd     `cmd:"" help:"Put a team, with all below it, under another one or at the top."`
	Remove   teamRemoveCmd   `cmd:"" help:"End a team with its memberships and assignments."`
	Add      teamAddCmd      `cmd:"" help:"Put a member of the organization into a team."`
	Role     teamRoleCmd     `cmd:"" help:"Change somebody's role in a team."`
	Drop     teamDropCmd     `cmd:"" help:"Take somebody out of a team."`
	Assign   teamAssignCmd   `cmd:"" help:"Give everybody in a team a role on a project."`
	Reassign teamReassignCmd `cmd:"" help:"Change the role that an assignment confers."`
	End      teamEndCmd      `cmd:"" help:"Change when an assignment ends."`
	Unassign teamUnassignCmd `cmd:"" help:"Take a team off a project."`
}

// ofTeam is the argument of commands about one team.
type ofTeam struct {
	inOrg

	Team string `arg:"" help:"The team's id."`
}

func (t ofTeam) of(segments ...string) string {
	return t.at(append([]string{"teams", t.Team}, segments...)...)
}

type teamCreateCmd struct {
	inOrg `json:"-"`

	Name        string `arg:"" help:"Its name." json:"name"`
	ID          string `help:"Its id; without it one is made." json:"id,omitzero"`
	Parent      string `placeholder:"TEAM" help:"The team above; without it the team stands at the top." json:"parent,omitzero"`
	Description string `help:"What it is for." json:"description,omitzero"`
	Privacy     string `enum:",closed,secret" default:"" help:"Who sees it: closed or secret." json:"privacy,omitzero"`
	Colour      string `help:"Colour of its icon, such as '#1a2b3c'; shells want the quotes." json:"colour,omitzero"`
}

// Run creates the team.
func (c *teamCreateCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("teams"), c)
}

type teamListCmd struct {
	inOrg

	Search string `help:"Part of a name."`
}

// Run lists teams.
func (c *teamListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.at("teams"), paged(map[string]string{"search": c.Search}), "TEAM=id NAME=name COLOUR=colour MEMBERS=members PARENT=parent PRIVACY=privacy DESCRIPTION=description")
}

type teamMembersCmd struct{ ofTeam }

// Run lists the team's members.
func (c *teamMembersCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.of("members"), paged(nil), "USER=user LOGIN=login NAME=name EMAIL=email ROLE=role STATUS=status SINCE=given.since")
}

type teamRenameCmd struct {
	ofTeam `json:"-"`

	Name string `arg:"" help:"The new name." json:"name"`
}

// Run renames the team.
func (c *teamRenameCmd) Run(ctx context.Context, sh *shell) error { return sh.patch(ctx, c.of(), c) }

type teamDescribeCmd struct {
	ofTeam `json:"-"`

	Description *string `help:"What it is for; empty clears it." json:"description,omitzero"`
	Privacy     *string `help:"Who sees it: closed or secret; empty clears it." json:"privacy,omitzero"`
}

// Run describes the team.
func (c *teamDescribeCmd) Run(ctx context.Context, sh *shell) error { return sh.patch(ctx, c.of(), c) }

type teamColourCmd struct {
	ofTeam `json:"-"`

	Colour string `arg:"" help:"The colour, such as '#1a2b3c', for which shells want the quotes; empty clears it." json:"colour"`
}

// Run changes the colour.
func (c *teamColourCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.of("colour"), c)
}

type teamMoveCmd struct {
	ofTeam `json:"-"`

	Parent string `placeholder:"TEAM" help:"The team above; without it the team goes to the top." json:"parent"`
}

// Run moves the team.
func (c *teamMoveCmd) Run(ctx context.Context, sh *shell) error { return sh.patch(ctx, c.of(), c) }

type teamRemoveCmd struct{ ofTeam }

// Run removes the team.
func (c *teamRemoveCmd) Run(ctx context.Context, sh *shell) error { return sh.remove(ctx, c.of()) }
