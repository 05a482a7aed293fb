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
	Search   string            `query:"search" maxLength:"255" doc:"A part of a name, login, or email address, or of the effective role."`
	Role     events.RoleKey    `query:"role" doc:"The effective role on the project." maxLength:"255"`
	Source   domain.SourceKind `query:"source" enum:"direct,creator,organization,team" doc:"People who have access in this way, whatever others they have besides."`
	Inactive bool              `query:"inactive" doc:"Those instead whose access has ended, or who are suspended."`
}

// projectMemberRows is one page of the people on a project.
type projectMemberRows struct {
	projections.List[projectMemberRow]
	Counts *projections.ProjectCounts `json:"counts,omitzero" doc:"Of the whole project, whatever is searched for; on the first page."`
}

func (s *Server) listProjectMembers(ctx context.Context, in *projectMembersQuery) (*answer[projectMemberRows], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := s.projectMembers(ctx, org, in.Project, projections.ProjectMembersQuery{
		Search: in.Search, Role: in.Role, Source: in.Source, Inactive: in.Inactive, Page: in.page(),
	})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, found), nil
}

// projectMembers finds people on a project for an actor who sees them.
func (s *Server) projectMembers(ctx context.Context, org domain.Organization, id events.ProjectID, q projections.ProjectMembersQuery) (projectMemberRows, error) {
	found, err := s.Database.ProjectMembers(ctx, org.ID(), id, q)
	if err != nil {
		return projectMemberRows{}, err
	}
	m := present(ctx, org)
	if found.Counts != nil {
		found.Counts.Teams = countTeams(org, m, id)
	}
	return projectMemberRows{
		rows(found.List, func(one projections.ProjectMember) projectMemberRow { return projectMemberRowOf(org, m, id, one) }), found.Counts,
	}, nil
}

type projectTeamsQuery struct {
	ProjectPlace
	Paging
	Search   string `query:"search" maxLength:"255" doc:"A part of the team's name, or of the name, login, email address or effective role of somebody in it."`
	Inactive bool   `query:"inactive" doc:"Those instead whose assignment has ended."`
}

func (s *Server) listProjectTeams(ctx context.Context, in *projectTeamsQuery) (*answer[projections.List[projectTeamRow]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := s.projectTeams(ctx, org, in.Project, projections.ProjectTeamsQuery{Search: in.Search, Inactive: in.Inactive, Page: in.page()})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, found), nil
}

// projectTeams finds the teams on a project that the actor sees.
func (s *Server) projectTeams(ctx context.Context, org domain.Organization, id events.ProjectID, q projections.ProjectTeamsQuery) (projections.List[projectTeamRow], error) {
	m := present(ctx, org)
	found, err := fill(q.Page, func(page projections.Page) (projections.List[projections.ProjectTeam], error) {
		q.Page = page
		return s.Database.ProjectTeams(ctx, org.ID(), id, q)
	}, func(t *projections.ProjectTeam) bool { return knows(org, m.Actor, t.Team) })
	if err != nil {
		return projections.List[projectTeamRow]{}, err
	}
	return rows(found, func(one projections.ProjectTeam) projectTeamRow { return projectTeamRowOf(org, m, id, one) }), nil
}
