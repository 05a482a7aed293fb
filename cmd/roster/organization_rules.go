package main

import "context"

type orgTransferCmd struct {
	theOrg `json:"-"`

	To   string `arg:"" name:"user" help:"The member who takes the role." json:"to"`
	Role string `help:"What the actor becomes; without it what the other one was." json:"role,omitzero"`
}

// Run transfers the role.
func (c *orgTransferCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("transfer-ownership"), c)
}

type orgSeatsCmd struct {
	theOrg `json:"-"`

	Seats int `arg:"" help:"How many; 0 for as many as the scheme has." json:"seats"`
}

// Run changes the seats.
func (c *orgSeatsCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.at("seats"), c)
}

type orgSchemeCmd struct {
	theOrg `json:"-"`

	Scheme           string            `arg:"" help:"The scheme to go by from now on." json:"scheme"`
	OrganizationRole map[string]string `placeholder:"FROM=TO" help:"Which role in the organization becomes which; may be given several times. The others keep their keys." json:"organization_roles,omitzero"`
	ProjectRole      map[string]string `placeholder:"FROM=TO" help:"The same for roles on projects." json:"project_roles,omitzero"`
	TeamRole         map[string]string `placeholder:"FROM=TO" help:"The same for roles in teams." json:"team_roles,omitzero"`
}

// Help is printed with the command's flags.
func (orgSchemeCmd) Help() string {
	return `With --dry-run it says who would gain or lose what, and changes nothing.

    roster org scheme acme agency --organization-role member=developer --project-role member=developer --dry-run`
}

// Run changes the scheme.
func (c *orgSchemeCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("scheme"), c)
}
