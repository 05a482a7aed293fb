package main

import "context"

// projectOverrideCmd is about permissions that are set beside a role.
type projectOverrideCmd struct {
	Set   overrideSetCmd   `cmd:"" help:"Set one permission of somebody, whatever their role says."`
	Clear overrideClearCmd `cmd:"" help:"Give one permission of somebody back to their role."`
}

// ofOverride are the arguments of commands about one permission of somebody.
type ofOverride struct {
	ofProjectMember

	Permission string `arg:"" help:"The permission, by its key in the scheme."`
}

func (o ofOverride) path() string { return o.of("overrides", o.Permission) }

type overrideSetCmd struct {
	ofOverride `json:"-"`

	Level string `arg:"" help:"The level: none, view or full; of a switch, off or on." json:"level"`
}

// Run sets the override.
func (c *overrideSetCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.path(), c)
}

type overrideClearCmd struct{ ofOverride }

// Run clears the override.
func (c *overrideClearCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, c.path())
}
