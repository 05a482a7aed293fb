package api

import (
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) overrideRoutes() {
	const one, tag = "/projects/{project}/members/{user}/overrides/{permission}", "Overrides"
	define(s, spec{"set_override", http.MethodPatch, one, tag, "Set one permission of somebody on a project beside their role"},
		func(c setOverride) (domain.Command, error) {
			return domain.SetOverride{Project: c.Project, Member: c.User, Permission: c.Permission, Level: c.Level}, nil
		})
	define(s, spec{"clear_override", http.MethodDelete, one, tag, "Give one permission of somebody back to their role"},
		func(c clearOverride) (domain.Command, error) {
			return domain.ClearOverride{Project: c.Project, Member: c.User, Permission: c.Permission}, nil
		})
}

type setOverride struct {
	Project    events.ProjectID     `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User       events.UserID        `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Permission events.PermissionKey `path:"permission" json:"permission" doc:"The key of the permission." maxLength:"255"`
	Level      events.Level         `json:"level" doc:"The level to have, whatever the role says." enum:"none,view,full,off,on"`
}

type clearOverride struct {
	Project    events.ProjectID     `path:"project" json:"project" doc:"The project." maxLength:"255"`
	User       events.UserID        `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Permission events.PermissionKey `path:"permission" json:"permission" doc:"The key of the permission." maxLength:"255"`
}
