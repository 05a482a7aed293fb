package api

import (
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// acceptance is what whoever accepts says; the address names the invite.
type acceptance struct {
	User  events.UserID `json:"user,omitzero" doc:"Who joins; left out: the actor." maxLength:"255"`
	Token string        `json:"token,omitzero" doc:"The secret that was sent; the system needs none, but one that it passes on must be right."`
	Login string        `json:"login,omitzero" doc:"The spelling that people see."`
	Name  string        `json:"name,omitzero" maxLength:"255"`
}

// CommandOnInvite is a command about a pending invite.
type CommandOnInvite struct {
	Command
	Invite events.InviteID `path:"invite" doc:"The invite." maxLength:"255"`
}

// inviteMembers is inviteMember as its own route has it: for one address, or for
// several on the same terms.
type inviteMembers struct {
	ID       events.InviteID `json:"id,omitzero" doc:"Left out: a new one." maxLength:"255"`
	Email    *string         `json:"email,omitzero" doc:"Where the offer goes." maxLength:"320"`
	Emails   []string        `json:"emails,omitzero" doc:"Several addresses instead: all are invited, or none." minItems:"1" maxItems:"1000"`
	Role     events.RoleKey  `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	User     events.UserID   `json:"user,omitzero" doc:"Whom it is for, where that is known: nobody else accepts it then." maxLength:"255"`
	Levels   events.Levels   `json:"levels,omitzero" doc:"The person's own in the organization, where the role carries some."`
	Until    time.Time       `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Projects []invitedTo     `json:"projects,omitzero" doc:"Joined on acceptance." maxItems:"1000"`
}

func (o inviteMembers) order() order {
	one := inviteMember{ID: o.ID, Role: o.Role, User: o.User, Levels: o.Levels, Until: o.Until, Projects: o.Projects}
	switch {
	case (o.Email == nil) == (o.Emails == nil):
		return malformed("Name either an email, or several emails.")
	case o.Email != nil:
		one.Email = *o.Email
		return one
	case o.ID != "" || o.User != "":
		return malformed("An id, or a user, goes with one email alone.")
	}
	all := make(several, len(o.Emails))
	for i, email := range o.Emails {
		one.Email = email
		all[i] = one
	}
	return all
}

type invitation struct {
	Command
	Body inviteMembers
}

type inviteAcceptance struct {
	CommandOnInvite
	Body acceptance
}

func (s *Server) inviteRoutes() {
	const all, one, tag = "/v1/organizations/{org}/invites", "/v1/organizations/{org}/invites/{invite}", "Invites"
	command(s, route{http.MethodPost, all, "invite_member", tag, "Offer membership to an address, or to several"},
		func(in *invitation) order { return in.Body.order() })
	command(s, route{http.MethodDelete, one, "revoke_invite", tag, "Revoke a pending invite"},
		func(in *CommandOnInvite) order { return revokeInvite{in.Invite} })
	command(s, route{http.MethodPost, one + "/accept", "accept_invite", tag, "Take up an invite"},
		func(in *inviteAcceptance) order {
			return acceptInvite{in.Invite, in.Body.User, in.Body.Token, in.Body.Login, in.Body.Name}
		})
	list(s, route{http.MethodGet, all, "list_invites", tag, "List pending invites"}, s.listInvites)
}
