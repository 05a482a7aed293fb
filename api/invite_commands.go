package api

import (
	"context"
	"crypto/rand"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type inviteMember struct {
	ID       events.InviteID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Email    string          `json:"email" doc:"Where the offer goes." maxLength:"320"`
	Role     events.RoleKey  `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	Projects []invitedTo     `json:"projects,omitzero" doc:"Joined on acceptance." maxItems:"1000"`
}

type invitedTo struct {
	Project events.ProjectID `json:"project"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
}

// command seals the address under the invite: whom it belongs to is not known yet.
func (o inviteMember) command(ctx context.Context, c clerk) (domain.Command, error) {
	email, err := readEmail(o.Email)
	if err != nil {
		return nil, err
	}
	if email == "" {
		return nil, errBadEmail
	}
	id, nonce := named(o.ID), rand.Text()
	sealed, err := c.seal(ctx, "invite "+string(id), email)
	if err != nil {
		return nil, err
	}
	invite := domain.InviteMember{
		Invite: id, Role: o.Role, Email: sealed, Address: c.address(email), Nonce: nonce, Token: events.Sum([]byte(c.keyring.Token(c.org, id, nonce))),
	}
	for _, p := range o.Projects {
		invite.Projects = append(invite.Projects, events.ProjectRole{Project: p.Project, Role: p.Role})
	}
	return invite, nil
}

type revokeInvite struct {
	Invite events.InviteID `json:"invite"`
}

func (o revokeInvite) command(context.Context, clerk) (domain.Command, error) {
	return domain.RevokeInvite{Invite: o.Invite}, nil
}

type acceptInvite struct {
	Invite events.InviteID `json:"invite"`
	User   events.UserID   `json:"user,omitzero" doc:"Who joins; left out: the actor." maxLength:"255"`
	Token  string          `json:"token,omitzero" doc:"The secret that was sent; the system needs none."`
	Login  string          `json:"login,omitzero" doc:"The spelling that people see."`
	Name   string          `json:"name,omitzero" maxLength:"255"`
}

func (o acceptInvite) command(ctx context.Context, c clerk) (domain.Command, error) {
	user := o.User
	if user == "" {
		user = asked(ctx).actor
	}
	name, err := readName(o.Name)
	if err != nil {
		return nil, err
	}
	sealed, err := c.seal(ctx, string(user), name)
	if err != nil {
		return nil, err
	}
	return domain.AcceptInvite{
		Invite: o.Invite, Member: user, Token: events.Sum([]byte(o.Token)), Login: o.Login, Name: sealed,
	}, nil
}

// acceptance is what whoever accepts says; the address names the invite.
type acceptance struct {
	User  events.UserID `json:"user,omitzero" doc:"Who joins; left out: the actor." maxLength:"255"`
	Token string        `json:"token,omitzero" doc:"The secret that was sent; the system needs none."`
	Login string        `json:"login,omitzero" doc:"The spelling that people see."`
	Name  string        `json:"name,omitzero" maxLength:"255"`
}

// CommandOnInvite is a command about a pending invite.
type CommandOnInvite struct {
	Command
	Invite events.InviteID `path:"invite" doc:"The invite." maxLength:"255"`
}

type invitation struct {
	Command
	Body inviteMember
}

type inviteAcceptance struct {
	CommandOnInvite
	Body acceptance
}

func (s *Server) inviteRoutes() {
	const all, one, tag = "/v1/organizations/{org}/invites", "/v1/organizations/{org}/invites/{invite}", "Invites"
	command(s, route{http.MethodPost, all, "invite_member", tag, "Offer membership to an address"},
		func(in *invitation) order { return in.Body })
	command(s, route{http.MethodDelete, one, "revoke_invite", tag, "Revoke a pending invite"},
		func(in *CommandOnInvite) order { return revokeInvite{in.Invite} })
	command(s, route{http.MethodPost, one + "/accept", "accept_invite", tag, "Take up an invite"},
		func(in *inviteAcceptance) order {
			return acceptInvite{in.Invite, in.Body.User, in.Body.Token, in.Body.Login, in.Body.Name}
		})
	list(s, route{http.MethodGet, all, "list_invites", tag, "List pending invites"}, s.listInvites)
}
