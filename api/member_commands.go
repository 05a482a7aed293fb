package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type addMember struct {
	User  events.UserID  `json:"user" maxLength:"255"`
	Role  events.RoleKey `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	Login string         `json:"login,omitzero" doc:"The spelling that people see."`
	Name  string         `json:"name,omitzero" maxLength:"255"`
	Email string         `json:"email,omitzero" maxLength:"320"`
}

func (o addMember) command(ctx context.Context, c clerk) (domain.Command, error) {
	email, err := readEmail(o.Email)
	if err != nil {
		return nil, err
	}
	name, err := readName(o.Name)
	if err != nil {
		return nil, err
	}
	sealedName, err := c.seal(ctx, string(o.User), name)
	if err != nil {
		return nil, err
	}
	sealedEmail, err := c.seal(ctx, string(o.User), email)
	if err != nil {
		return nil, err
	}
	return domain.AddMember{
		Member: o.User, Role: o.Role, Login: o.Login, Name: sealedName, Email: sealedEmail, Address: c.address(email),
	}, nil
}

type changeRole struct {
	User events.UserID  `json:"user"`
	Role events.RoleKey `json:"role"`
}

func (o changeRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeRole{Member: o.User, To: o.Role}, nil
}

type removeMember struct {
	User events.UserID `json:"user"`
}

func (o removeMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.RemoveMember{Member: o.User}, nil
}

// CommandOnMember is a command about somebody in the organization.
type CommandOnMember struct {
	Command
	User events.UserID `path:"user" doc:"The person." maxLength:"255"`
}

// role is the body of every change of a role.
type role struct {
	Role events.RoleKey `json:"role" doc:"The role to hold from now on."`
}

type memberAddition struct {
	Command
	Body addMember
}

type roleChange struct {
	CommandOnMember
	Body role
}

func (s *Server) memberRoutes() {
	const all, one, tag = "/v1/organizations/{org}/members", "/v1/organizations/{org}/members/{user}", "Members"
	command(s, route{http.MethodPost, all, "add_member", tag, "Make somebody a member, without an invite"},
		func(in *memberAddition) order { return in.Body })
	command(s, route{http.MethodPatch, one, "change_role", tag, "Change a member's role in the organization"},
		func(in *roleChange) order { return changeRole{in.User, in.Body.Role} })
	command(s, route{http.MethodDelete, one, "remove_member", tag, "Remove a member, or leave"},
		func(in *CommandOnMember) order { return removeMember{in.User} })
	list(s, route{http.MethodGet, all, "list_members", tag, "List and search the members"}, s.listMembers)
	read(s, route{http.MethodGet, one, "get_member", tag, "Look at a member"}, s.getMember)
	list(s, route{http.MethodGet, one + "/projects", "list_member_projects", tag, "List the projects that a member reaches, with role and sources"}, s.listMemberProjects)
}
