package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

type candidatesQuery struct {
	ProjectPlace
	Paging
	Search string `query:"search" maxLength:"255" doc:"A part of a name, login, or email address."`
}

// candidate is somebody who could be added to a project. What they have elsewhere is
// not for everybody who adds people.
type candidate struct {
	projections.Person
	Role    events.RoleKey `json:"role" doc:"In the organization."`
	Default events.RoleKey `json:"default_role,omitzero" doc:"The role on the project that they take where none is stated."`
}

// candidates is one page of them.
type candidates struct {
	projections.List[candidate]
	Roles []events.RoleKey `json:"roles" doc:"The roles on the project that the actor may give, lowest first."`
}

// listCandidates leaves out who has come to the project, or left the organization,
// since the read models were written.
func (s *Server) listCandidates(ctx context.Context, in *candidatesQuery) (*answer[candidates], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.AddingProjectMember, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := fill(in.page(), func(page projections.Page) (projections.List[projections.Candidate], error) {
		return s.Database.Candidates(ctx, in.Org, in.Project, projections.CandidatesQuery{Search: in.Search, Page: page})
	}, func(c *projections.Candidate) bool {
		return org.Access(c.User, in.Project).Reason == domain.NotOnProject
	})
	if err != nil {
		return nil, err
	}
	page := candidates{Roles: org.ActionsOnProject(present(ctx, org), in.Project).Roles}
	if page.Roles == nil {
		page.Roles = []events.RoleKey{}
	}
	page.List = rows(found, func(c projections.Candidate) candidate {
		return candidate{c.Person, c.Role, org.Scheme().DefaultProjectRole(c.Role)}
	})
	return fromDatabase(org, known, position, page), nil
}
