package main

import "context"

// inviteCmd is about invites to an organization.
type inviteCmd struct {
	Send   inviteSendCmd   `cmd:"" help:"Invite addresses; prints the token that accepts each invite."`
	List   inviteListCmd   `cmd:"" help:"List pending invites."`
	Accept inviteAcceptCmd `cmd:"" help:"Take up an invite."`
	Revoke inviteRevokeCmd `cmd:"" help:"Withdraw an invite that nobody took up."`
}

type inviteListCmd struct{ inOrg }

// Run lists the invites.
func (c *inviteListCmd) Run(ctx context.Context, sh *shell) error {
	return sh.list(ctx, c.at("invites"), paged(nil), "INVITE=id EMAIL=email USER=user ROLE=role PROJECTS=projects.project SENT=sent.since BY=sent.by EXPIRES=expires_at UNTIL=until")
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
