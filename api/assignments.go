package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// projectTeam is a team that is assigned to a project.
type projectTeam struct {
	Team     events.TeamID  `json:"team"`
	Name     string         `json:"name"`
	Role     events.RoleKey `json:"role,omitzero" doc:"On the project; left out: each member has the default of theirs in the organization."`
	Privacy  events.Privacy `json:"privacy,omitzero"`
	Colour   events.Colour  `json:"colour,omitzero" doc:"Of the icon; left out: the product's choice."`
	Members  int            `json:"members" doc:"In the team itself."`
	Until    *time.Time     `json:"until,omitzero" doc:"When the assignment ends, or has ended; left out: never."`
	Assigned Origin         `json:"assigned"`
	AvailableActions
}

func projectTeamOf(org domain.Organization, m events.Moment, id events.ProjectID, of domain.Assignment) projectTeam {
	team, _ := org.Team(of.Team)
	return projectTeam{
		Team: of.Team, Name: team.Name, Role: of.Role, Privacy: team.Privacy, Colour: team.Colour, Members: team.CountMembers(),
		Until: orNever(of.Until), Assigned: originOf(org.ID(), of.Origin), AvailableActions: availableActions(org.ActionsOnAssignment(m, id, of.Team)),
	}
}

type projectTeamsQuery struct {
	ProjectPath
	Paging
	Search   string `query:"search" maxLength:"255" doc:"A part of the team's name, or of the name, login, email address or effective role of somebody in it."`
	Inactive bool   `query:"inactive" doc:"Those instead whose assignment has ended."`
}

func (s *Server) listProjectTeams(ctx context.Context, in *projectTeamsQuery) (*answer[List[projectTeam]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingProjectMembers, domain.About{Project: in.Project})
	if err != nil {
		return nil, hideMembers(err)
	}
	found, err := s.findProjectTeams(ctx, org, in.Project, projections.ProjectTeamFilter{Search: in.Search, Inactive: in.Inactive, Page: in.page()})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, found), nil
}

// findProjectTeams finds the teams on a project that the actor sees.
func (s *Server) findProjectTeams(ctx context.Context, org domain.Organization, id events.ProjectID, q projections.ProjectTeamFilter) (List[projectTeam], error) {
	m := present(ctx, org)
	q.Keep = visibleTeams(org, m.Actor)
	found, err := s.Database.ListProjectTeams(ctx, org, id, q)
	project, _ := org.Project(id)
	return rowsOf(found, func(team events.TeamID) projectTeam {
		of, _ := project.Assignment(team)
		return projectTeamOf(org, m, id, of)
	}), err
}
