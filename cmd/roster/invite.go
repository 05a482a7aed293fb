package main

import "context"

// inviteCmd is about invites to an organization.
type inviteCmd struct {
	Send   inviteSendCmd   `cmd:"" help:"Invite an address; prints the token that accepts the invite."`
	List   inviteListCmd   `cmd:"" help:"List pending invites."`
	Accept inviteAcceptCmd `cmd:"" help:"Take up an invite."`
	Revoke inviteRevokeCmd `cmd:"" help:"Withdraw an invite that nobody took up."`
}

type inviteSendCmd struct {
	inOrg `json:"-"`

	Email    string            `arg:"" help:"The address." json:"email"`
	ID       string            `help:"The invite's id; without it one is made." json:"id,omitzero"`
	Role     string            `help:"Role in the organization; without it the scheme's default." json:"role,omitzero"`
	Project  map[string]string `placeholder:"PROJECT=ROLE" help:"Project to join on acceptance, with the role there; may be given several times." json:"-"`
	Projects []projectRole     `kong:"-" json:"projects,omitzero"`
}

type projectRole struct {
	Project string `json:"project"`
	Role    string `json:"role,omitzero"`
}

// Run sends the invite.
func (c *inviteSendCmd) Run(ctx context.Context, sh *shell) error {
	for project, role := range c.Project {
		c.Projects = append(c.Projects, projectRole{project, role})
	}
	return sh.post(ctx, c.at("invites"), c)
}

type inviteListCmd struct{ inOrg }

// Run lists the invites.
func (c *inviteListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.at("invites"), paged(nil), "INVITE=id EMAIL=email ROLE=role SENT=sent.since BY=sent.by EXPIRES=expires_at")
}

type inviteAcceptCmd struct {
	inOrg `json:"-"`

	Invite string `arg:"" help:"The invite." json:"-"`
	User   string `help:"Who accepts; without it the actor." json:"user,omitzero"`
	Token  string `help:"The secret that was sent; the system needs none." json:"token,omitzero"`
	Login  string `help:"The spelling that people see, where it is not the id." json:"login,omitzero"`
	Name   string `help:"The person's name." json:"name,omitzero"`
}

// Run accepts the invite.
func (c *inviteAcceptCmd) Run(ctx context.Context, sh *shell) error {
	return sh.post(ctx, c.at("invites", c.Invite, "accept"), c)
}

type inviteRevokeCmd struct {
	inOrg

	Invite string `arg:"" help:"The invite."`
}

// Run revokes the invite.
func (c *inviteRevokeCmd) Run(ctx context.Context, sh *shell) error {
	return sh.remove(ctx, c.at("invites", c.Invite))
}
