package main

import "context"

// projectCmd is about projects and the people on them.
type projectCmd struct {
	Create     projectCreateCmd     `cmd:"" help:"Create a project."`
	List       projectListCmd       `cmd:"" help:"List the projects that the actor sees."`
	Show       projectShowCmd       `cmd:"" help:"Look at a project, and at what the actor may do about it."`
	Rename     projectRenameCmd     `cmd:"" help:"Give a project another name."`
	Archive    projectArchiveCmd    `cmd:"" help:"Make a project read only."`
	Restore    projectRestoreCmd    `cmd:"" help:"End the archiving of a project."`
	Delete     projectDeleteCmd     `cmd:"" help:"Delete a project with all access to it."`
	Link       projectLinkCmd       `cmd:"" help:"The public link of a project."`
	Members    projectMembersCmd    `cmd:"" help:"List who is on a project, however they came to it."`
	Teams      projectTeamsCmd      `cmd:"" help:"List the teams on a project."`
	Search     projectSearchCmd     `cmd:"" help:"Search people and teams of a project together."`
	Candidates projectCandidatesCmd `cmd:"" help:"List members of the organization who are not on a project."`
	Add        projectAddCmd        `cmd:"" help:"Grant members of the organization, and teams, roles on a project."`
	Role       projectRoleCmd       `cmd:"" help:"Change the role of a grant."`
	Levels     projectLevelsCmd     `cmd:"" help:"Change somebody's own levels on a project."`
	End        projectEndCmd        `cmd:"" help:"Change when a grant ends."`
	Override   projectOverrideCmd   `cmd:"" help:"Single permissions of somebody on a project, beside their role."`
	Attest     projectAttestCmd     `cmd:"" help:"Record that the actor has reviewed what somebody has on a project."`
	Remove     projectRemoveCmd     `cmd:"" help:"Withdraw a grant."`
}

// onProject is the argument of commands about one project.
type onProject struct {
	inOrg

	Project string `arg:"" help:"The project."`
}

func (p onProject) on(segments ...string) string {
	return p.at(append([]string{"projects", p.Project}, segments...)...)
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

	Search   string `help:"Part of a name."`
	Archived string `enum:",true,false" default:"" help:"Only those that are archived: true; or are not: false."`
}

// Run lists projects.
func (c *projectListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.at("projects"), paged(map[string]string{"search": c.Search, "archived": c.Archived}),
		"PROJECT=id NAME=name ROLE=role PEOPLE=people TEAMS=teams LINK=public_link ARCHIVED=archived CREATED=created.since")
}

type projectShowCmd struct{ onProject }

// Run shows the project.
func (c *projectShowCmd) Run(ctx context.Context, sh *shell) error { return sh.show(ctx, c.on()) }

type projectRenameCmd struct {
	onProject `json:"-"`

	Name string `arg:"" help:"The new name." json:"name"`
}

// Run renames the project.
func (c *projectRenameCmd) Run(ctx context.Context, sh *shell) error { return sh.patch(ctx, c.on(), c) }

type projectArchiveCmd struct{ onProject }

// Run archives the project.
func (c *projectArchiveCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.on("archive"), nil)
}

type projectRestoreCmd struct{ onProject }

// Run restores the project.
func (c *projectRestoreCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.on("restore"), nil)
}

type projectDeleteCmd struct{ onProject }

// Run deletes the project.
func (c *projectDeleteCmd) Run(ctx context.Context, sh *shell) error { return sh.remove(ctx, c.on()) }
