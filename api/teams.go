package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// teamDetails is how a team presents itself to whoever may see it.
type teamDetails struct {
	ID          events.TeamID      `json:"id"`
	Name        string             `json:"name"`
	Description string             `json:"description,omitzero"`
	Privacy     events.Privacy     `json:"privacy,omitzero"`
	Colour      events.Colour      `json:"colour,omitzero" doc:"Of the icon; left out: the product's choice."`
	Parent      events.TeamID      `json:"parent,omitzero" doc:"The team above, where the actor sees it."`
	Members     int                `json:"members" doc:"In the team itself."`
	Created     projections.Origin `json:"created"`
	Role        events.RoleKey     `json:"role,omitzero" doc:"The actor's own in the team."`
	Offered
}

// TeamPlace is the address of a team.
type TeamPlace struct {
	InOrganization
	Team events.TeamID `path:"team" doc:"The team." maxLength:"255"`
}

func (s *Server) getTeam(ctx context.Context, in *TeamPlace) (*answer[teamDetails], error) {
	org, position, err := s.seen(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	if !org.SeesTeam(actor, in.Team) {
		return nil, domain.ErrNoTeam
	}
	found, _ := org.Team(in.Team)
	place, _ := found.Member(actor)
	shown := teamDetails{
		ID: in.Team, Name: found.Name, Description: found.Description, Privacy: found.Privacy, Colour: found.Colour,
		Members: found.CountMembers(), Created: originOf(in.Org, found.Created), Role: place.Role,
		Offered: offeredTo(org.ActionsOnTeam(present(ctx, org), in.Team), domain.AddingTeamMember),
	}
	if org.SeesTeam(actor, found.Parent) {
		shown.Parent = found.Parent
	}
	return fromMemory(org, position, shown), nil
}

type teamsQuery struct {
	InOrganization
	Paging
	Search string `query:"search" maxLength:"255" doc:"A part of the name."`
}

// teamRow is a team as a list shows it.
type teamRow struct {
	projections.Team
	Offered
}

// listTeams leaves out what the actor has lost sight of since the read models were
// written.
func (s *Server) listTeams(ctx context.Context, in *teamsQuery) (*answer[projections.List[teamRow]], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	found, err := fill(in.page(), func(page projections.Page) (projections.List[projections.Team], error) {
		return s.Database.Teams(ctx, in.Org, projections.TeamsQuery{Search: in.Search, VisibleTo: actor, Page: page})
	}, func(t *projections.Team) bool {
		if t.Parent != "" && !knows(org, actor, t.Parent) {
			t.Parent = ""
		}
		return knows(org, actor, t.ID)
	})
	if err != nil {
		return nil, err
	}
	m := present(ctx, org)
	return fromDatabase(org, known, position, rows(found, func(t projections.Team) teamRow {
		return teamRow{t, offeredTo(org.ActionsOnTeam(m, t.ID), domain.AddingTeamMember)}
	})), nil
}

type teamMembersQuery struct {
	TeamPlace
	Paging
}

// teamMemberRow is somebody in a team as a list shows them.
type teamMemberRow struct {
	projections.TeamMember
	Offered
}

// listTeamMembers is for those in the team, and for those who see the members of
// the organization.
func (s *Server) listTeamMembers(ctx context.Context, in *teamMembersQuery) (*answer[projections.List[teamMemberRow]], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	if !org.SeesTeam(actor, in.Team) {
		return nil, domain.ErrNoTeam
	}
	if !seesMembersOf(org, actor, in.Team) {
		return nil, domain.ErrNoMembers
	}
	list, err := s.Database.TeamMembers(ctx, in.Org, in.Team, in.page())
	if err != nil {
		return nil, err
	}
	m := present(ctx, org)
	return fromDatabase(org, known, position, rows(list, func(one projections.TeamMember) teamMemberRow {
		return teamMemberRow{one, offered(org.ActionsOnTeamMember(m, in.Team, one.User))}
	})), nil
}

// seesMembersOf lets those see who is in a team who see the members of the
// organization, and those in the team itself who see teams, or manage this one.
func seesMembersOf(org domain.Organization, actor events.UserID, id events.TeamID) bool {
	if org.Authorize(actor, domain.SeeingMembers, domain.About{}) == nil {
		return true
	}
	team, _ := org.Team(id)
	if _, inside := team.Member(actor); !inside {
		return false
	}
	about := domain.About{Team: id}
	return org.Authorize(actor, domain.SeeingTeams, about) == nil || org.Authorize(actor, domain.AddingTeamMember, about) == nil
}
