package main

import "context"

// roleCmd is about the roles of an organization.
type roleCmd struct {
	List     roleListCmd     `cmd:"" help:"List the roles that are in force."`
	Define   roleDefineCmd   `cmd:"" help:"Define a role of the organization's own, with no more than one has."`
	Redefine roleRedefineCmd `cmd:"" help:"Change the rank and the levels of a role of the organization's own."`
	Rename   roleRenameCmd   `cmd:"" help:"Change what people call a role; its key stays."`
	Retire   roleRetireCmd   `cmd:"" help:"Take away a role of the organization's own that nobody holds."`
}

// ofKind is the argument of commands about roles of one kind.
type ofKind struct {
	inOrg

	Kind string `arg:"" enum:"organization,project" help:"organization or project."`
}

func (k ofKind) of(segments ...string) string {
	return k.at(append([]string{"roles", k.Kind}, segments...)...)
}

// definition is what a role is.
type definition struct {
	Rank  int               `required:"" help:"Nobody hands out a role ranked above their own." json:"rank"`
	Level map[string]string `placeholder:"PERMISSION=LEVEL" help:"Level of a permission; may be given several times. What is not named is at its lowest." json:"levels,omitzero"`
}

type roleDefineCmd struct {
	ofKind `json:"-"`
	definition

	Role  string `arg:"" help:"Its key." json:"role"`
	Label string `help:"What people call it; without it the key." json:"label,omitzero"`
}

// Help is printed with the command's flags.
func (roleDefineCmd) Help() string {
	return `    roster role define project reviewer --rank 15 --level outcomes=view --org acme --actor ada`
}

// Run defines the role.
func (c *roleDefineCmd) Run(ctx context.Context, sh *shell) error { return sh.post(ctx, c.of(), c) }

type roleRedefineCmd struct {
	ofKind `json:"-"`
	definition

	Role string `arg:"" help:"The role." json:"-"`
}

// Run redefines the role.
func (c *roleRedefineCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.of(c.Role), c)
}

type roleRenameCmd struct {
	ofKind `json:"-"`

	Role  string `arg:"" help:"The role." json:"-"`
	Label string `arg:"" help:"What people will call it." json:"label"`
}

// Run renames the role.
func (c *roleRenameCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.of(c.Role, "label"), c)
}

type roleRetireCmd struct {
	ofKind

	Role string `arg:"" help:"The role."`
}

// Run retires the role.
func (c *roleRetireCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, c.of(c.Role))
}

type roleListCmd struct{ inOrg }

// Run lists the roles, by what they are roles in.
func (c *roleListCmd) Run(ctx context.Context, sh *shell) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	var scheme struct {
		Organization []row `json:"organization_roles"`
		Project      []row `json:"project_roles"`
		Teams        struct {
			Roles []row `json:"roles"`
		} `json:"teams"`
	}
	if err := client.get(ctx, c.at("scheme"), nil, &scheme); err != nil {
		return err
	}
	rows := []row{}
	for _, kind := range []struct {
		name  string
		roles []row
	}{{"organization", scheme.Organization}, {"project", scheme.Project}, {"team", scheme.Teams.Roles}} {
		for _, role := range kind.roles {
			role["kind"] = kind.name
			rows = append(rows, role)
		}
	}
	return sh.print(rows, "KIND=kind ROLE=key LABEL=label RANK=rank CUSTOM=custom LEVELS=levels")
}
