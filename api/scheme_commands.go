package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type changeScheme struct {
	Scheme            string   `json:"scheme" doc:"The scheme to go by from now on."`
	OrganizationRoles roleSwap `json:"organization_roles,omitzero" doc:"Which role takes the place of which; one that is not listed keeps its key."`
	ProjectRoles      roleSwap `json:"project_roles,omitzero" doc:"As for the organization."`
	TeamRoles         roleSwap `json:"team_roles,omitzero" doc:"As for the organization."`
}

// roleSwap says which role takes the place of which.
type roleSwap = map[events.RoleKey]events.RoleKey

func (o changeScheme) command(_ context.Context, c clerk) (domain.Command, error) {
	scheme, err := c.scheme(o.Scheme)
	if err != nil {
		return nil, err
	}
	return domain.ChangeScheme{
		Scheme: scheme, OrganizationRoles: o.OrganizationRoles, ProjectRoles: o.ProjectRoles, TeamRoles: o.TeamRoles,
	}, nil
}

type schemeChange struct {
	Command
	Body changeScheme
}

func (s *Server) schemeChangeRoutes() {
	command(s, route{http.MethodPost, "/v1/organizations/{org}/scheme", "change_scheme", "Schemes", "Put an organization under another scheme; a dry run tells what changes for whom"},
		func(in *schemeChange) order { return in.Body })
}
