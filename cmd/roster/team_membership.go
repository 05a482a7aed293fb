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
