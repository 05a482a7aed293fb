package main

import "context"

// memberCmd is about the members of an organization.
type memberCmd struct {
	Add      memberAddCmd      `cmd:"" help:"Make somebody a member at once, without an invite."`
	List     memberListCmd     `cmd:"" help:"List members."`
	Role     memberRoleCmd     `cmd:"" help:"Change a member's role in the organization."`
	Projects memberProjectsCmd `cmd:"" help:"List the projects that a member reaches, with the role there."`
	Remove   memberRemoveCmd   `cmd:"" help:"End a membership with everything that hangs on it."`
}

type memberAddCmd struct {
	inOrg `json:"-"`

	User  string `arg:"" help:"The user's id." json:"user"`
	Role  string `help:"Role in the organization; without it the scheme's default." json:"role,omitzero"`
	Login string `help:"The spelling that people see, where it is not the id." json:"login,omitzero"`
	Name  string `help:"The person's name." json:"name,omitzero"`
	Email string `help:"The person's address." json:"email,omitzero"`
}

// Run adds the member.
func (c *memberAddCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("members"), c)
}

type memberListCmd struct {
	inOrg

	Search string `help:"Part of a name, login or address."`
	Role   string `help:"Only those with this role."`
}

// Run lists the members.
func (c *memberListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.at("members"), paged(map[string]string{"search": c.Search, "role": c.Role}),
		"USER=user LOGIN=login NAME=name EMAIL=email ROLE=role JOINED=joined.since")
}

type memberRoleCmd struct {
	inOrg `json:"-"`

	User string `arg:"" help:"The member." json:"-"`
	Role string `arg:"" help:"The new role." json:"role"`
}

// Run changes the role.
func (c *memberRoleCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.at("members", c.User), c)
}

type memberProjectsCmd struct {
	inOrg

	User string `arg:"" help:"The member."`
}

// Run lists the member's projects.
func (c *memberProjectsCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.at("members", c.User, "projects"), paged(nil), "PROJECT=id NAME=name ROLE=role")
}

type memberRemoveCmd struct {
	inOrg

	User string `arg:"" help:"The member."`
}

// Run removes the member.
func (c *memberRemoveCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, c.at("members", c.User))
}
