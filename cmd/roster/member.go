package main

import "context"

// memberCmd is about the members of an organization.
type memberCmd struct {
	Add        memberAddCmd        `cmd:"" help:"Make somebody a member at once, without an invite."`
	List       memberListCmd       `cmd:"" help:"List members."`
	Show       memberShowCmd       `cmd:"" help:"Look at a member, and at what the actor may do about them."`
	Projects   memberProjectsCmd   `cmd:"" help:"List the projects that a member reaches, with the role there."`
	Role       memberRoleCmd       `cmd:"" help:"Change a member's role in the organization."`
	Levels     memberLevelsCmd     `cmd:"" help:"Change a member's own levels in the organization."`
	End        memberEndCmd        `cmd:"" help:"Change when a membership ends."`
	Deactivate memberDeactivateCmd `cmd:"" help:"Suspend a member, who keeps everything and has access to nothing."`
	Reactivate memberReactivateCmd `cmd:"" help:"End the suspension of a member."`
	Attest     memberAttestCmd     `cmd:"" help:"Record that the actor has reviewed all access that a member has."`
	Remove     memberRemoveCmd     `cmd:"" help:"End a membership with everything that hangs on it."`
}

type memberAddCmd struct {
	inOrg `json:"-"`
	levels
	ends

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
	Status string `enum:",active,deactivated,ended" default:"" help:"Only those who are active, deactivated, or whose membership has ended."`
}

// Run lists the members.
func (c *memberListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.at("members"), paged(map[string]string{"search": c.Search, "role": c.Role, "status": c.Status}),
		"USER=user LOGIN=login NAME=name EMAIL=email ROLE=role STATUS=status PROJECTS=projects BADGES=badges JOINED=joined.since UNTIL=until")
}

type memberShowCmd struct{ ofMember }

// Run shows the member.
func (c *memberShowCmd) Run(ctx context.Context, sh *shell) error { return sh.show(ctx, c.of()) }

type memberProjectsCmd struct{ ofMember }

// Run lists the member's projects.
func (c *memberProjectsCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.of("projects"), paged(nil), "PROJECT=id NAME=name ROLE=role")
}

type memberRoleCmd struct {
	ofMember `json:"-"`

	Role string `arg:"" help:"The new role." json:"role"`
}

// Run changes the role.
func (c *memberRoleCmd) Run(ctx context.Context, sh *shell) error { return sh.patch(ctx, c.of(), c) }

type memberRemoveCmd struct{ ofMember }

// Run removes the member.
func (c *memberRemoveCmd) Run(ctx context.Context, sh *shell) error { return sh.remove(ctx, c.of()) }
