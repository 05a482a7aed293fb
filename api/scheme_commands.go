package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) schemeCommands() {
	defineWith(s, spec{"change_scheme", http.MethodPost, "/scheme", "Schemes", "Put an organization under another scheme; a dry run tells what changes for whom"},
		func(_ context.Context, b *commandBuilder, c changeScheme) (domain.Command, error) {
			scheme, err := b.scheme(c.Scheme)
			if err != nil {
				return nil, err
			}
			return domain.ChangeScheme{
				Scheme: scheme, OrganizationRoles: c.OrganizationRoles, ProjectRoles: c.ProjectRoles, TeamRoles: c.TeamRoles,
			}, nil
		})
}

type changeScheme struct {
	Scheme            string      `json:"scheme" doc:"The scheme to go by from now on."`
	OrganizationRoles roleMapping `json:"organization_roles,omitzero" doc:"Which role takes the place of which; one that is not listed keeps its key."`
	ProjectRoles      roleMapping `json:"project_roles,omitzero" doc:"As for the organization."`
	TeamRoles         roleMapping `json:"team_roles,omitzero" doc:"As for the organization."`
}

// roleMapping says which role takes the place of which.
type roleMapping = map[events.RoleKey]events.RoleKey
