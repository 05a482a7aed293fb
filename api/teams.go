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
	Parent      events.TeamID      `json:"parent,omitzero" doc:"The team above, where the actor sees it."`
	Members     int                `json:"members" doc:"In the team itself."`
	Created     projections.Origin `json:"created"`
	Role        events.RoleKey     `json:"role,omitzero" doc:"The actor's own in the team."`
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
		ID: in.Team, Name: found.Name, Description: found.Description, Privacy: found.Privacy,
		Members: found.CountMembers(), Created: originOf(in.Org, found.Created), Role: place.Role,
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

// listTeams leaves out what the actor has lost sight of since the read models were
// written.
func (s *Server) listTeams(ctx context.Context, in *teamsQuery) (*answer[projections.List[projections.Team]], error) {
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
	return fromDatabase(org, known, position, found), nil
}

type teamMembersQuery struct {
	TeamPlace
	Paging
}

// listTeamMembers is for those in the team, and for those who see the members of
// the organization.
func (s *Server) listTeamMembers(ctx context.Context, in *teamMembersQuery) (*answer[projections.List[projections.TeamMember]], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	actor := asked(ctx).actor
	if !org.SeesTeam(actor, in.Team) {
		return nil, domain.ErrNoTeam
	}
	found, _ := org.Team(in.Team)
	if _, inside := found.Member(actor); !inside {
		if err := org.Authorize(actor, domain.SeeingMembers, domain.About{}); err != nil {
			return nil, hideMembers(err)
		}
	}
	list, err := s.Database.TeamMembers(ctx, in.Org, in.Team, in.page())
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, list), nil
}
