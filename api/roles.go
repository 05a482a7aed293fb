package api

import (
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) roleRoutes() {
	const all, one, tag = "/roles/{kind}", "/roles/{kind}/{role}", "Roles"
	define(s, spec{"define_role", http.MethodPost, all, tag, "Define a role of the organization's own; it can have no more than the actor has"},
		func(c defineRole) (domain.Command, error) {
			return domain.DefineRole{Kind: c.Kind, Role: c.Role, Label: inputName(c.Label), Rank: c.Rank, Levels: c.Levels}, nil
		})
	define(s, spec{"redefine_role", http.MethodPatch, one, tag, "Change the rank or the levels of a role of the organization's own"},
		func(c redefineRole) (domain.Command, error) {
			return domain.RedefineRole{Kind: c.Kind, Role: c.Role, Rank: c.Rank, Levels: c.Levels.given()}, nil
		})
	define(s, spec{"rename_role", http.MethodPatch, one + "/label", tag, "Change the label of a role"},
		func(c renameRole) (domain.Command, error) {
			return domain.RenameRole{Kind: c.Kind, Role: c.Role, To: inputName(c.Label)}, nil
		})
	define(s, spec{"retire_role", http.MethodDelete, one, tag, "Remove a role of the organization's own that nobody holds"},
		func(c retireRole) (domain.Command, error) { return domain.RetireRole{Kind: c.Kind, Role: c.Role}, nil })
}

type defineRole struct {
	Kind   events.RoleKind `path:"kind" json:"kind" doc:"Of the organization, or on projects." enum:"organization,project"`
	Role   events.RoleKey  `json:"role" doc:"The key; it stays. Keys are unique without regard to case, and so are labels." maxLength:"255"`
	Label  string          `json:"label,omitzero" maxLength:"255" example:"Reviewer"`
	Rank   int             `json:"rank" doc:"Nobody assigns a role ranked above their own."`
	Levels events.Levels   `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest."`
}

type redefineRole struct {
	Kind   events.RoleKind            `path:"kind" json:"kind" doc:"Of the organization, or on projects." enum:"organization,project"`
	Role   events.RoleKey             `path:"role" json:"role" doc:"The key of the role." maxLength:"255"`
	Rank   *int                       `json:"rank,omitzero" doc:"Nobody assigns a role ranked above their own. Left out: stays."`
	Levels fieldChange[events.Levels] `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest. Null or none: all are; left out: stay."`
}

type renameRole struct {
	Kind  events.RoleKind `path:"kind" json:"kind" doc:"Of the organization, or on projects." enum:"organization,project"`
	Role  events.RoleKey  `path:"role" json:"role" doc:"The key of the role." maxLength:"255"`
	Label string          `json:"label" doc:"The name that people see; the key stays." maxLength:"255" example:"Reviewer"`
}

type retireRole struct {
	Kind events.RoleKind `path:"kind" json:"kind" doc:"Of the organization, or on projects." enum:"organization,project"`
	Role events.RoleKey  `path:"role" json:"role" doc:"The key of the role." maxLength:"255"`
}
