package api

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type inviteMember struct {
	ID       events.InviteID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Email    string          `json:"email" doc:"Where the offer goes." maxLength:"320"`
	Role     events.RoleKey  `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	User     events.UserID   `json:"user,omitzero" doc:"Whom it is for, where that is known: nobody else accepts it then." maxLength:"255"`
	Levels   events.Levels   `json:"levels,omitzero" doc:"The person's own in the organization, where the role carries some."`
	Until    time.Time       `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Projects []invitedTo     `json:"projects,omitzero" doc:"Joined on acceptance." maxItems:"1000"`
}

type invitedTo struct {
	Project events.ProjectID `json:"project"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	Levels  events.Levels    `json:"levels,omitzero" doc:"The person's own on the project, where the role carries some."`
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
		Member: o.User, Levels: o.Levels, Until: events.Instant(o.Until),
	}
	for _, p := range o.Projects {
		invite.Projects = append(invite.Projects, events.ProjectRole(p))
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
	Token  string          `json:"token,omitzero" doc:"The secret that was sent; the system needs none, but one that it passes on must be right."`
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
	accept := domain.AcceptInvite{Invite: o.Invite, Member: user, Login: o.Login, Name: sealed}
	if o.Token != "" {
		accept.Token = events.Sum([]byte(o.Token))
	}
	return accept, nil
}
