package main

import "context"

type teamAssignCmd struct {
	inOrg `json:"-"`
	ends

	Team    string `arg:"" help:"The team's id." json:"team"`
	Project string `arg:"" help:"The project." json:"-"`
	Role    string `help:"Role on the project; without it the scheme's default." json:"role,omitzero"`
}

// Run assigns the team.
func (c *teamAssignCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("projects", c.Project, "teams"), c)
}

// ofAssignment are the arguments of commands about a team on a project.
type ofAssignment struct {
	ofTeam

	Project string `arg:"" help:"The project."`
}

func (a ofAssignment) path(segments ...string) string {
	return a.at(append([]string{"projects", a.Project, "teams", a.Team}, segments...)...)
}

type teamReassignCmd struct {
	ofAssignment `json:"-"`

	Role string `arg:"" help:"The new role." json:"role"`
}

// Run changes the assignment.
func (c *teamReassignCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.path(), c)
}

type teamEndCmd struct {
	ofAssignment `json:"-"`
	end
}

// Run changes the end.
func (c *teamEndCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.path("end"), c)
}

type teamUnassignCmd struct{ ofAssignment }

// Run takes the team off the project.
func (c *teamUnassignCmd) Run(ctx context.Context, sh *shell) error { return sh.remove(ctx, c.path()) }
