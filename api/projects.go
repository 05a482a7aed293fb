package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// projectDetails is how a project presents itself to whoever may see it.
type projectDetails struct {
	ID         events.ProjectID   `json:"id"`
	Name       string             `json:"name"`
	Archived   bool               `json:"archived" doc:"Whether the project itself is read only."`
	PublicLink *bool              `json:"public_link,omitzero" doc:"Whether it is on; only for those who see it."`
	Created    projections.Origin `json:"created"`
	Role       events.RoleKey     `json:"role,omitzero" doc:"The actor's own, whatever the source."`
	RoleLabel  string             `json:"role_label,omitzero" doc:"What people call it."`
	Levels     events.Levels      `json:"levels,omitzero" doc:"The actor's own, effective, of every permission on the project."`
	Notices    []notice           `json:"notices,omitzero" doc:"Changes of the actor's role here, told once."`
	Offered
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
	m := present(ctx, org)
	access := org.Access(m.Actor, in.Project)
	shown := projectDetails{
		ID: in.Project, Name: found.Name, Archived: found.Archived, Created: originOf(in.Org, found.Created),
		Role: access.Role, RoleLabel: labelOf(org.Scheme().Scheme.ProjectRoles, access.Role),
		Notices: s.due(ctx, org, in.Project), Offered: offeredTo(org.ActionsOnProject(m, in.Project), domain.AddingProjectMember),
	}
	if m.Actor != events.System {
		shown.Levels = access.Levels()
	}
	if org.Authorize(m.Actor, domain.SeeingPublicLink, domain.About{Project: in.Project}) == nil {
		_, on := found.PublicLink()
		shown.PublicLink = &on
	}
	return fromMemory(org, position, shown), nil
}

type projectsQuery struct {
	InOrganization
	Paging
	Search   string `query:"search" maxLength:"255" doc:"A part of the name."`
	Archived string `query:"archived" enum:"true,false" doc:"Only those that are archived, or are not; left out: both."`
}

func (q *projectsQuery) archived() *bool {
	if q.Archived == "" {
		return nil
	}
	wanted := q.Archived == "true"
	return &wanted
}

// listProjects leaves out what the actor has lost sight of since the read models
// were written.
func (s *Server) listProjects(ctx context.Context, in *projectsQuery) (*answer[projections.List[projectRow]], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	found, err := fill(in.page(), func(page projections.Page) (projections.List[projections.Project], error) {
		return s.Database.Projects(ctx, in.Org, projections.ProjectsQuery{Search: in.Search, VisibleTo: actor, Archived: in.archived(), Page: page})
	}, func(p *projections.Project) bool { return actor == events.System || org.SeesProject(actor, p.ID) })
	if err != nil {
		return nil, err
	}
	told, err := s.projectRows(ctx, org, found)
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, told), nil
}
