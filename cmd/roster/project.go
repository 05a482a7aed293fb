package main

import "context"

// projectCmd is about projects and the people on them.
type projectCmd struct {
	Create  projectCreateCmd  `cmd:"" help:"Create a project."`
	List    projectListCmd    `cmd:"" help:"List the projects that the actor sees."`
	Members projectMembersCmd `cmd:"" help:"List who is on a project, however they came to it."`
	Teams   projectTeamsCmd   `cmd:"" help:"List the teams on a project."`
	Add     projectAddCmd     `cmd:"" help:"Grant a member of the organization a role on a project."`
	Role    projectRoleCmd    `cmd:"" help:"Change the role of a grant."`
	Remove  projectRemoveCmd  `cmd:"" help:"Withdraw a grant."`
}

type projectCreateCmd struct {
	inOrg `json:"-"`

	ID   string `arg:"" help:"Its id." json:"id"`
	Name string `help:"Its name; without it the id." json:"name,omitzero"`
}

// Run creates the project.
func (c *projectCreateCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("projects"), c)
}

type projectListCmd struct {
	inOrg

	Search string `help:"Part of a name."`
}

// Run lists projects.
func (c *projectListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.at("projects"), paged(map[string]string{"search": c.Search}), "PROJECT=id NAME=name CREATED=created.since")
}

// onProject is the argument of commands about one project.
type onProject struct {
	inOrg

	Project string `arg:"" help:"The project."`
}

func (p onProject) on(segments ...string) string {
	return p.at(append([]string{"projects", p.Project}, segments...)...)
}

type projectMembersCmd struct {
	onProject

	Search string `help:"Part of a name, login or address."`
	Role   string `help:"Only those with this effective role."`
	Source string `help:"Only those who have access by this: direct, organization or team."`
}

// Run lists who is on the project.
func (c *projectMembersCmd) Run(ctx context.Context, sh *shell) error {
	query := paged(map[string]string{"search": c.Search, "role": c.Role, "source": c.Source})
	return sh.list(ctx, c.on("members"), query, "USER=user LOGIN=login NAME=name ROLE=role SOURCES=sources.kind TEAMS=sources.team_name JOINED=joined_at")
}

type projectTeamsCmd struct{ onProject }

// Run lists the teams on the project.
func (c *projectTeamsCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.on("teams"), nil, "TEAM=team NAME=name ROLE=role ASSIGNED=assigned.since BY=assigned.by")
}

type projectAddCmd struct {
	onProject `json:"-"`

	User string `arg:"" help:"The member." json:"user"`
	Role string `help:"Role on the project; without it the scheme's default." json:"role,omitzero"`
}

// Run grants the role.
func (c *projectAddCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.on("members"), c)
}

type projectRoleCmd struct {
	onProject `json:"-"`

	User string `arg:"" help:"The member." json:"-"`
	Role string `arg:"" help:"The new role." json:"role"`
}

// Run changes the role.
func (c *projectRoleCmd) Run(ctx context.Context, sh *shell) error {
	return sh.patch(ctx, c.on("members", c.User), c)
}

type projectRemoveCmd struct {
	onProject

	User string `arg:"" help:"The member."`
}

// Run withdraws the grant.
func (c *projectRemoveCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, c.on("members", c.User))
}
