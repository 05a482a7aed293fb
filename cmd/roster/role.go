package main

import (
	"context"
	"errors"
)

// roleCmd is about the roles of an organization.
type roleCmd struct {
	List     roleListCmd     `cmd:"" help:"List the roles that are, or were, in force."`
	Define   roleDefineCmd   `cmd:"" does:"define_role" help:"Define a role of the organization's own, with no more than one has."`
	Redefine roleRedefineCmd `cmd:"" does:"redefine_role" help:"Change the rank or the levels of a role of the organization's own."`
	Rename   roleRenameCmd   `cmd:"" does:"rename_role" help:"Change what people call a role; its key stays."`
	Retire   roleArg         `cmd:"" does:"retire_role" asks:"" help:"Take away a role of the organization's own that nobody holds."`
}

// roleKindArg is the argument of verbs about roles of one kind.
type roleKindArg struct {
	organizationFlag

	Kind string `arg:"" enum:"organization,project" help:"organization or project." json:"kind"`
}

// roleArg are the arguments of verbs about one role.
type roleArg struct {
	roleKindArg

	Role string `arg:"" help:"The role." json:"role"`
}

type roleDefineCmd struct {
	roleKindArg

	Role  string            `arg:"" help:"Its key." json:"role"`
	Label string            `help:"What people call it; without it the key." json:"label,omitzero"`
	Rank  int               `required:"" help:"Nobody assigns a role ranked above their own." json:"rank"`
	Level map[string]string `placeholder:"PERMISSION=LEVEL" help:"Level of a permission; may be given several times. What is not named is at its lowest." json:"levels,omitzero"`
}

// Help is printed with the command's flags.
func (roleDefineCmd) Help() string {
	return `    roster role define project reviewer --rank 15 --level outcomes=view --org acme --actor ada`
}

type roleRedefineCmd struct {
	roleArg

	Rank     *int              `help:"Another rank: nobody assigns a role ranked above their own." json:"rank,omitzero"`
	Level    map[string]string `xor:"levels" placeholder:"PERMISSION=LEVEL" help:"Level of a permission; may be given several times. Who names one names all: what is not named is at its lowest." json:"levels,omitzero"`
	NoLevels bool              `xor:"levels" help:"Put all permissions at their lowest." json:"-"`
}

// Validate fails if nothing is to change.
func (c *roleRedefineCmd) Validate() error {
	if c.Rank == nil && len(c.Level) == 0 && !c.NoLevels {
		return errors.New("say --rank, --level or --no-levels; what is not named stays")
	}
	return nil
}

// command builds the request.
func (c *roleRedefineCmd) command() any {
	in := *c
	if c.NoLevels {
		in.Level = map[string]string{}
	}
	return in
}

type roleRenameCmd struct {
	roleArg

	Label string `arg:"" help:"What people will call it." json:"label"`
}

type roleListCmd struct {
	organizationFlag
	atFlag
}

// Run lists the roles of each kind.
func (c *roleListCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
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
	if err := asks.Call(ctx, "get_organization_scheme", c, &scheme); err != nil {
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
