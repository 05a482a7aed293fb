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
// the organization. It leaves out who has left since the read models were written.
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
	found, err := fill(in.page(), func(page projections.Page) (projections.List[projections.TeamMember], error) {
		return s.Database.TeamMembers(ctx, in.Org, in.Team, page)
	}, func(p projections.TeamMember) (teamMember, bool) {
		of, inside := team.Member(p.User)
		if !inside {
			return teamMember{}, false
		}
		member, _ := org.Member(p.User)
		return teamMember{
			Person{p.User, p.Login, p.Name, p.Email}, of.Role, membershipStatus(org, p.User, member), originOf(in.Org, of.Origin),
			availableActions(org.ActionsOnTeamMember(m, in.Team, p.User)),
		}, true
	})
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, found), nil
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
