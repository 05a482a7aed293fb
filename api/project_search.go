package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) projectSearchRoutes() {
	const one, tag = "/v1/organizations/{org}/projects/{project}", "Project members"
	list(s, route{http.MethodGet, one + "/search", "search_project", tag, "Search the people and the teams on a project together"}, s.searchProject)
	list(s, route{http.MethodGet, one + "/candidates", "list_candidates", tag, "List and search the members of the organization who could be added to a project"}, s.listCandidates)
}

type projectSearchQuery struct {
	ProjectPath
	Search string `query:"search" maxLength:"255" doc:"A part of a name, login, email address, or role; teams are found by their own name, too."`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"How many of each at most; the lists of both have the next."`
}

// projectSearch is the first people and teams that a search finds on a project.
type projectSearch struct {
	People List[projectMember] `json:"people"`
	Teams  List[projectTeam]   `json:"teams"`
	Counts projectCounts       `json:"counts" doc:"Of the whole project, whatever is searched for."`
}

func (s *Server) searchProject(ctx context.Context, in *projectSearchQuery) (*answer[projectSearch], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	first := projections.Page{Limit: in.Limit}
	people, err := s.findProjectMembers(ctx, org, in.Project, projections.ProjectMembersQuery{Search: in.Search, Page: first})
	if err != nil {
		return nil, err
	}
	teams, err := s.findProjectTeams(ctx, org, in.Project, projections.ProjectTeamFilter{Search: in.Search, Page: first})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, projectSearch{people, teams, s.countProject(org, present(ctx, org), in.Project)}), nil
}
