package main

import "context"

// orgCmd is about organizations.
type orgCmd struct {
	Create orgCreateCmd `cmd:"" help:"Create an organization."`
	List   orgListCmd   `cmd:"" help:"List the actor's organizations; for the system all."`
	Show   orgShowCmd   `cmd:"" help:"Look at an organization."`
	Delete orgDeleteCmd `cmd:"" help:"Delete an organization with everything in it."`
}

type orgCreateCmd struct {
	ID     string `arg:"" help:"Its id: 1 to 64 of A-Z, a-z, 0-9, _ and -." json:"id"`
	Name   string `help:"Its name; without it the id." json:"name,omitzero"`
	Scheme string `help:"The scheme of its roles, such as owner-member or github." json:"scheme,omitzero"`
	Owner  string `placeholder:"USER" help:"Who joins with the highest role." json:"owner,omitzero"`
}

// Run creates the organization.
func (c *orgCreateCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, path("organizations"), c)
}

type orgListCmd struct{}

// Run lists organizations.
func (orgListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, path("organizations"), paged(nil), "ORGANIZATION=id NAME=name SCHEME=scheme")
}

type orgShowCmd struct {
	ID string `arg:"" help:"Its id."`
}

// Run shows the organization.
func (c *orgShowCmd) Run(ctx context.Context, sh *shell) error {
	return sh.show(ctx, path("organizations", c.ID), nil)
}

type orgDeleteCmd struct {
	ID string `arg:"" help:"Its id."`
}

// Run deletes the organization.
func (c *orgDeleteCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, path("organizations", c.ID))
}
