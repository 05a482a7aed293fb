package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type defineRole struct {
	Kind   events.RoleKind `json:"kind" enum:"organization,project"`
	Role   events.RoleKey  `json:"role" doc:"The key; it stays." maxLength:"255"`
	Label  string          `json:"label,omitzero" maxLength:"255"`
	Rank   int             `json:"rank" doc:"Nobody hands out a role ranked above their own."`
	Levels events.Levels   `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest."`
}

func (o defineRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.DefineRole{Kind: o.Kind, Role: o.Role, Label: o.Label, Rank: o.Rank, Levels: o.Levels}, nil
}

type redefineRole struct {
	Kind   events.RoleKind `json:"kind" enum:"organization,project"`
	Role   events.RoleKey  `json:"role"`
	Rank   int             `json:"rank"`
	Levels events.Levels   `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest."`
}

func (o redefineRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.RedefineRole{Kind: o.Kind, Role: o.Role, Rank: o.Rank, Levels: o.Levels}, nil
}

type renameRole struct {
	Kind  events.RoleKind `json:"kind" enum:"organization,project"`
	Role  events.RoleKey  `json:"role"`
	Label string          `json:"label" maxLength:"255"`
}

func (o renameRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.RenameRole{Kind: o.Kind, Role: o.Role, To: o.Label}, nil
}

type retireRole struct {
	Kind events.RoleKind `json:"kind" enum:"organization,project"`
	Role events.RoleKey  `json:"role"`
}

func (o retireRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.RetireRole{Kind: o.Kind, Role: o.Role}, nil
}

// CommandOnRoles is a command about the roles of one kind.
type CommandOnRoles struct {
	Command
	Kind events.RoleKind `path:"kind" doc:"Roles of the organization, or on projects." enum:"organization,project"`
}

// CommandOnRole is a command about a role.
type CommandOnRole struct {
	CommandOnRoles
	Role events.RoleKey `path:"role" doc:"The key of the role." maxLength:"255"`
}

type roleDefinition struct {
	CommandOnRoles
	Body struct {
		Role   events.RoleKey `json:"role" doc:"The key; it stays." maxLength:"255"`
		Label  string         `json:"label,omitzero" maxLength:"255"`
		Rank   int            `json:"rank" doc:"Nobody hands out a role ranked above their own."`
		Levels events.Levels  `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest."`
	}
}

type roleRedefinition struct {
	CommandOnRole
	Body struct {
		Rank   int           `json:"rank" doc:"Nobody hands out a role ranked above their own."`
		Levels events.Levels `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest."`
	}
}

type roleRenaming struct {
	CommandOnRole
	Body struct {
		Label string `json:"label" doc:"What people read; the key stays." maxLength:"255"`
	}
}

func (s *Server) roleRoutes() {
	const all, one, tag = "/v1/organizations/{org}/roles/{kind}", "/v1/organizations/{org}/roles/{kind}/{role}", "Roles"
	command(s, route{http.MethodPost, all, "define_role", tag, "Define a role of the organization's own, with no more than one has"},
		func(in *roleDefinition) order {
			return defineRole{in.Kind, in.Body.Role, in.Body.Label, in.Body.Rank, in.Body.Levels}
		})
	command(s, route{http.MethodPatch, one, "redefine_role", tag, "Change the rank and levels of a role of the organization's own"},
		func(in *roleRedefinition) order { return redefineRole{in.Kind, in.Role, in.Body.Rank, in.Body.Levels} })
	command(s, route{http.MethodPatch, one + "/label", "rename_role", tag, "Change the label of a role"},
		func(in *roleRenaming) order { return renameRole{in.Kind, in.Role, in.Body.Label} })
	command(s, route{http.MethodDelete, one, "retire_role", tag, "Take a role of the organization's own away, once nobody holds it"},
		func(in *CommandOnRole) order { return retireRole{in.Kind, in.Role} })
}
