package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// teamMember is somebody in a team itself.
type teamMember struct {
	Person
	Role   events.RoleKey `json:"role" doc:"In the team."`
	Status Status         `json:"status" enum:"active,deactivated,ended" doc:"Of the membership of the organization."`
	Given  Origin         `json:"given" doc:"What gave the role in the team."`
	AvailableActions
}

type teamMembersQuery struct {
	TeamPath
	Paging
}

// listTeamMembers is for those in the team, and for those who see the members of
// the organization.
func (s *Server) listTeamMembers(ctx context.Context, in *teamMembersQuery) (*answer[List[teamMember]], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	m := present(ctx, org)
	if !org.SeesTeam(m.Actor, in.Team) {
		return nil, domain.ErrNoTeam
	}
	if !seesTeamMembers(org, m.Actor, in.Team) {
		return nil, domain.ErrNoMembers
	}
	team, _ := org.Team(in.Team)
	found, err := s.Database.ListTeamMembers(ctx, org, in.Team, in.page())
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, rowsOf(found, func(p projections.Person) teamMember {
		of, _ := team.Member(p.User)
		member, _ := org.Member(p.User)
		return teamMember{
			personOf(p), of.Role, membershipStatus(org, p.User, member), originOf(in.Org, of.Origin),
			availableActions(org.ActionsOnTeamMember(m, in.Team, p.User)),
		}
	})), nil
}

// seesTeamMembers lets those see who is in a team who see the members of the
// organization, and those in the team itself who see teams, or manage this one.
func seesTeamMembers(org domain.Organization, actor events.UserID, id events.TeamID) bool {
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
