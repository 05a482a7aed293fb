package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

type projectMembersQuery struct {
	ProjectPlace
	Paging
	Search string            `query:"search" maxLength:"255" doc:"A part of a name, login, or email address."`
	Role   events.RoleKey    `query:"role" doc:"The effective role on the project."`
	Source domain.SourceKind `query:"source" enum:"direct,organization,team" doc:"People who have access in this way, whatever others they have besides."`
}

func (s *Server) listProjectMembers(ctx context.Context, in *projectMembersQuery) (*answer[projections.ProjectMemberList], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := s.Database.ProjectMembers(ctx, in.Org, in.Project, projections.ProjectMembersQuery{
		Search: in.Search, Role: in.Role, Source: in.Source, Page: in.page(),
	})
	if err != nil {
		return nil, err
	}
	for i := range found.Items {
		found.Items[i].Sources = veiled(org, asked(ctx).actor, found.Items[i].Sources)
	}
	return fromDatabase(org, known, position, found), nil
}

// projectTeams lists the teams on a project that the actor sees.
type projectTeams struct {
	Items []projections.ProjectTeam `json:"items"`
}

func (s *Server) listProjectTeams(ctx context.Context, in *ProjectPlace) (*answer[projectTeams], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := s.Database.ProjectTeams(ctx, in.Org, in.Project)
	if err != nil {
		return nil, err
	}
	found = keep(found, func(t *projections.ProjectTeam) bool { return knows(org, asked(ctx).actor, t.Team) })
	return fromDatabase(org, known, position, projectTeams{found}), nil
}
