package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// TeamPath is the address of a team.
type TeamPath struct {
	InOrganization
	Team events.TeamID `path:"team" doc:"The team." maxLength:"255"`
}

// TeamFacts are what every answer about a team has.
type TeamFacts struct {
	ID          events.TeamID  `json:"id"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitzero"`
	Privacy     events.Privacy `json:"privacy,omitzero"`
	Colour      events.Colour  `json:"colour,omitzero" doc:"Of the icon; left out: the product's choice."`
	Members     int            `json:"members" doc:"In the team itself."`
	Parent      events.TeamID  `json:"parent,omitzero" doc:"The team above, where the actor sees it."`
	Created     Origin         `json:"created"`
}

// team is a team as a list shows it.
type team struct {
	TeamFacts
	AvailableActions
}

func teamOf(org domain.Organization, m events.Moment, id events.TeamID, found domain.Team) team {
	row := team{
		TeamFacts{
			ID: id, Name: found.Name, Description: found.Description, Privacy: found.Privacy, Colour: found.Colour,
			Members: found.CountMembers(), Created: originOf(org.ID(), found.Created),
		},
		availableOn(org.ActionsOnTeam(m, id), domain.AddingTeamMember),
	}
	if org.SeesTeam(m.Actor, found.Parent) {
		row.Parent = found.Parent
	}
	return row
}

// teamDetails is how a team presents itself to whoever may see it.
type teamDetails struct {
	TeamFacts
	Role events.RoleKey `json:"role,omitzero" doc:"The actor's own in the team."`
	AvailableActions
}

func (s *Server) getTeam(ctx context.Context, in *TeamPath) (*answer[teamDetails], error) {
	org, position, err := s.seen(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	m := present(ctx, org)
	if !org.SeesTeam(m.Actor, in.Team) {
		return nil, domain.ErrNoTeam
	}
	found, _ := org.Team(in.Team)
	own, _ := found.Member(m.Actor)
	row := teamOf(org, m, in.Team, found)
	return fromMemory(org, position, teamDetails{row.TeamFacts, own.Role, row.AvailableActions}), nil
}

type teamsQuery struct {
	InOrganization
	Paging
	Search string `query:"search" maxLength:"255" doc:"A part of the name."`
}

func (s *Server) listTeams(ctx context.Context, in *teamsQuery) (*answer[List[team]], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	m := present(ctx, org)
	found, err := s.Database.ListTeams(ctx, org, projections.TeamFilter{Search: in.Search, Keep: visibleTeams(org, m.Actor), Page: in.page()})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, rowsOf(found, func(id events.TeamID) team {
		of, _ := org.Team(id)
		return teamOf(org, m, id, of)
	})), nil
}
