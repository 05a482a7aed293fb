package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type setOverride struct {
	Project    events.ProjectID     `json:"project"`
	User       events.UserID        `json:"user"`
	Permission events.PermissionKey `json:"permission"`
	Level      events.Level         `json:"level"`
}

func (o setOverride) command(context.Context, clerk) (domain.Command, error) {
	return domain.SetOverride{Project: o.Project, Member: o.User, Permission: o.Permission, Level: o.Level}, nil
}

type clearOverride struct {
	Project    events.ProjectID     `json:"project"`
	User       events.UserID        `json:"user"`
	Permission events.PermissionKey `json:"permission"`
}

func (o clearOverride) command(context.Context, clerk) (domain.Command, error) {
	return domain.ClearOverride{Project: o.Project, Member: o.User, Permission: o.Permission}, nil
}

// CommandOnOverride is a command about one permission of somebody on a project.
type CommandOnOverride struct {
	CommandOnProjectMember
	Permission events.PermissionKey `path:"permission" doc:"The key of the permission." maxLength:"255"`
}

type overrideSetting struct {
	CommandOnOverride
	Body struct {
		Level events.Level `json:"level" doc:"The level to have, whatever the role says." enum:"none,view,full,off,on"`
	}
}

func (s *Server) overrideRoutes() {
	const one, tag = "/v1/organizations/{org}/projects/{project}/members/{user}/overrides/{permission}", "Overrides"
	command(s, route{http.MethodPatch, one, "set_override", tag, "Set one permission of somebody on a project beside their role"},
		func(in *overrideSetting) order { return setOverride{in.Project, in.User, in.Permission, in.Body.Level} })
	command(s, route{http.MethodDelete, one, "clear_override", tag, "Give one permission of somebody back to their role"},
		func(in *CommandOnOverride) order { return clearOverride{in.Project, in.User, in.Permission} })
}
