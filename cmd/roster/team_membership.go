package main

import "context"

type teamAddCmd struct {
	ofTeam `json:"-"`

	User string `arg:"" help:"The member." json:"user"`
	Role string `help:"Role in the team; without it the scheme's default." json:"role,omitzero"`
}

// Run adds the member.
func (c *teamAddCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.of("members"), c)
}

type teamRoleCmd struct {
	ofTeam `json:"-"`

	User string `arg:"" help:"The member." json:"-"`
	Role string `arg:"" help:"The new role." json:"role"`
}

// Run changes the role.
func (c *teamRoleCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.of("members", c.User), c)
}

type teamDropCmd struct {
	ofTeam

	User string `arg:"" help:"The member."`
}

// Run takes the member out.
func (c *teamDropCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, c.of("members", c.User))
}

type teamAssignCmd struct {
	inOrg `json:"-"`

	Team    string `arg:"" help:"The team's id." json:"team"`
	Project string `arg:"" help:"The project." json:"-"`
	Role    string `help:"Role on the project; without it the scheme's default." json:"role,omitzero"`
}

// Run assigns the team.
func (c *teamAssignCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("projects", c.Project, "teams"), c)
}

type teamReassignCmd struct {
	ofTeam `json:"-"`

	Project string `arg:"" help:"The project." json:"-"`
	Role    string `arg:"" help:"The new role." json:"role"`
}

// Run changes the assignment.
func (c *teamReassignCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.at("projects", c.Project, "teams", c.Team), c)
}

type teamUnassignCmd struct {
	ofTeam

	Project string `arg:"" help:"The project."`
}

// Run takes the team off the project.
func (c *teamUnassignCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, c.at("projects", c.Project, "teams", c.Team))
}
