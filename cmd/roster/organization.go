package main

import "context"

// orgCmd is about organizations.
type orgCmd struct {
	Create   orgCreateCmd   `cmd:"" help:"Create an organization."`
	List     orgListCmd     `cmd:"" help:"List the actor's organizations; for the system all."`
	Show     orgShowCmd     `cmd:"" help:"Look at an organization: its scheme, its seats, what the actor may do."`
	Rename   orgRenameCmd   `cmd:"" help:"Give an organization another name."`
	Archive  orgArchiveCmd  `cmd:"" help:"Make an organization read only with everything in it."`
	Restore  orgRestoreCmd  `cmd:"" help:"End the archiving of an organization."`
	Transfer orgTransferCmd `cmd:"" help:"Pass the actor's own highest role on to another member."`
	Scheme   orgSchemeCmd   `cmd:"" help:"Put an organization under another scheme."`
	Seats    orgSeatsCmd    `cmd:"" help:"Change how many members there can be."`
	Delete   orgDeleteCmd   `cmd:"" help:"Delete an organization with everything in it."`
}

// theOrg is the argument of commands about one organization itself.
type theOrg struct {
	ID string `arg:"" help:"Its id."`
}

func (o theOrg) at(segments ...string) string { return inOrg{o.ID}.at(segments...) }

type orgCreateCmd struct {
	ID     string `arg:"" help:"Its id: 1 to 64 of A-Z, a-z, 0-9, _ and -." json:"id"`
	Name   string `help:"Its name; without it the id." json:"name,omitzero"`
	Scheme string `help:"The scheme of its roles, see roster scheme list; without it owner-member." json:"scheme,omitzero"`
	Owner  string `placeholder:"USER" help:"Who joins with the highest role." json:"owner,omitzero"`
}

// Run creates the organization.
func (c *orgCreateCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, path("organizations"), c)
}

type orgListCmd struct{}

// Run lists organizations.
func (orgListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, path("organizations"), paged(nil), "ORGANIZATION=id NAME=name SCHEME=scheme ARCHIVED=archived")
}

type orgShowCmd struct{ theOrg }

// Run shows the organization; what roles grant is in their list.
func (c *orgShowCmd) Run(ctx context.Context, sh *shell) error {
	return sh.show(ctx, c.at(), "scheme.permissions")
}

type orgRenameCmd struct {
	theOrg `json:"-"`

	Name string `arg:"" help:"The new name." json:"name"`
}

// Run renames the organization.
func (c *orgRenameCmd) Run(ctx context.Context, sh *shell) error { return sh.patch(ctx, c.at(), c) }

type orgArchiveCmd struct{ theOrg }

// Run archives the organization.
func (c *orgArchiveCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("archive"), nil)
}

type orgRestoreCmd struct{ theOrg }

// Run restores the organization.
func (c *orgRestoreCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("restore"), nil)
}

type orgDeleteCmd struct{ theOrg }

// Run deletes the organization.
func (c *orgDeleteCmd) Run(ctx context.Context, sh *shell) error { return sh.remove(ctx, c.at()) }
