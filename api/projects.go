package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// projectDetails is how a project presents itself to whoever may see it.
type projectDetails struct {
	ID      events.ProjectID   `json:"id"`
	Name    string             `json:"name"`
	Created projections.Origin `json:"created"`
	Role    events.RoleKey     `json:"role,omitzero" doc:"The actor's own, whatever the source."`
	Notices []notice           `json:"notices,omitzero" doc:"Changes of the actor's role here, told once."`
}

// ProjectPlace is the address of a project.
type ProjectPlace struct {
	InOrganization
	Project events.ProjectID `path:"project" doc:"The project." maxLength:"255"`
}

// seenProject returns a project as far as it exists for whoever asks.
func (s *Server) seenProject(ctx context.Context, at ProjectPlace) (domain.Organization, domain.Project, events.Position, error) {
	org, position, err := s.seen(ctx, at.Org)
	if err != nil {
		return org, domain.Project{}, 0, err
	}
	if !org.SeesProject(asked(ctx).actor, at.Project) {
		return org, domain.Project{}, 0, domain.ErrNoProject
	}
	found, _ := org.Project(at.Project)
	return org, found, position, nil
}

func (s *Server) getProject(ctx context.Context, in *ProjectPlace) (*answer[projectDetails], error) {
	org, found, position, err := s.seenProject(ctx, *in)
	if err != nil {
		return nil, err
	}
	return fromMemory(org, position, projectDetails{
		ID: in.Project, Name: found.Name, Created: originOf(in.Org, found.Created),
		Role: org.Access(asked(ctx).actor, in.Project).Role, Notices: s.due(ctx, org, in.Project),
	}), nil
}

type projectsQuery struct {
	InOrganization
	Paging
	Search string `query:"search" maxLength:"255" doc:"A part of the name."`
}

// listProjects leaves out what the actor has lost sight of since the read models
// were written.
func (s *Server) listProjects(ctx context.Context, in *projectsQuery) (*answer[projections.List[projections.Project]], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	found, err := fill(in.page(), func(page projections.Page) (projections.List[projections.Project], error) {
		return s.Database.Projects(ctx, in.Org, projections.ProjectsQuery{Search: in.Search, VisibleTo: actor, Page: page})
	}, func(p *projections.Project) bool { return actor == events.System || org.SeesProject(actor, p.ID) })
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, found), nil
}
