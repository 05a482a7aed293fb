package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) teamMemberRoutes() {
	const all, one, tag = "/teams/{team}/members", "/teams/{team}/members/{user}", "Team members"
	define(s, spec{"add_team_member", http.MethodPost, all, tag, "Add a member of the organization to a team"},
		func(c addTeamMember) (domain.Command, error) {
			return domain.AddTeamMember{Team: c.Team, Member: c.User, Role: c.Role}, nil
		})
	define(s, spec{"change_team_member_role", http.MethodPatch, one, tag, "Change somebody's role in a team"},
		func(c changeTeamMemberRole) (domain.Command, error) {
			return domain.ChangeTeamMemberRole{Team: c.Team, Member: c.User, To: c.Role}, nil
		})
	define(s, spec{"remove_team_member", http.MethodDelete, one, tag, "Remove somebody from a team, or leave"},
		func(c removeTeamMember) (domain.Command, error) {
			return domain.RemoveTeamMember{Team: c.Team, Member: c.User}, nil
		})
	list(s, route{http.MethodGet, organizationPath + "/teams/{team}/members", "list_team_members", tag, "List who is in a team"}, s.listTeamMembers)
}

type addTeamMember struct {
	Team events.TeamID  `path:"team" json:"team" doc:"The team." maxLength:"255"`
	User events.UserID  `json:"user" doc:"A member of the organization." maxLength:"255"`
	Role events.RoleKey `json:"role,omitzero" doc:"In the team; left out: the scheme's default."`
}

type changeTeamMemberRole struct {
	Team events.TeamID  `path:"team" json:"team" doc:"The team." maxLength:"255"`
	User events.UserID  `path:"user" json:"user" doc:"The person." maxLength:"255"`
	Role events.RoleKey `json:"role" doc:"The role to hold from now on."`
}

type removeTeamMember struct {
	Team events.TeamID `path:"team" json:"team" doc:"The team." maxLength:"255"`
	User events.UserID `path:"user" json:"user" doc:"The person." maxLength:"255"`
}

// teamMember is somebody in a team itself.
type teamMember struct {
	Person
	Role      events.RoleKey     `json:"role" doc:"In the team."`
	RoleLabel string             `json:"role_label" doc:"What the role is called."`
	Status    projections.Status `json:"status" enum:"active,deactivated,not_started,ended" doc:"Of the membership of the organization."`
	Given     Origin             `json:"given" doc:"The event that gave the role in the team."`
	AvailableActions
}

type teamMembersQuery struct {
	TeamPath
	Paging
	AtTime
}

// listTeamMembers answers those whom [domain.Organization.SeesTeamMembers] names.
func (s *Server) listTeamMembers(ctx context.Context, in *teamMembersQuery) (*answer[List[teamMember]], error) {
	if in.asked() {
		return s.listPastTeamMembers(ctx, in)
	}
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	m := currentMoment(ctx, org)
	if !org.SeesTeam(m.Actor, in.Team) {
		return nil, domain.NoTeam(m.Actor, in.Team)
	}
	if !org.SeesTeamMembers(m.Actor, in.Team) {
		return nil, domain.ErrNoMembers
	}
	team, _ := org.Team(in.Team)
	found, err := s.Database.ListTeamMembers(ctx, org, in.Team, in.page())
	if err != nil {
		return nil, err
	}
	actions := domain.NewActionFinder(org, m)
	return fromDatabase(org, known, position, rowsOf(found, func(p projections.Person) teamMember {
		of, _ := team.Member(p.User)
		return teamMember{
			personOf(p), of.Role, org.TeamRoleLabel(of.Role), projections.StatusOf(org, p.User), originOf(in.Org, of.Origin),
			availableActions(actions.OnTeamMember(in.Team, p.User)),
		}
	})), nil
}

func (s *Server) listPastTeamMembers(ctx context.Context, in *teamMembersQuery) (*answer[List[teamMember]], error) {
	p, err := s.past(ctx, in.Org, in.At.Time, "", domain.About{})
	if err != nil {
		return nil, err
	}
	of, was := p.then.Team(in.Team)
	if !was || !visibleFormerTeams(p.now, p.then, p.actor)(in.Team) {
		return nil, domain.NoTeam(p.actor, in.Team)
	}
	if p.actor != events.System && !p.now.SeesTeamMembers(p.actor, in.Team) {
		return nil, domain.ErrNoMembers
	}
	var users []events.UserID
	for user := range paced(p, of.Members()) {
		users = append(users, user)
	}
	people, err := s.pastPeople(ctx, p, users, "", nobody)
	if err != nil {
		return nil, err
	}
	return pageOfPast(p, people, in.Paging, func(person projections.Person) teamMember {
		member, _ := of.Member(person.User)
		return teamMember{
			personOf(person), member.Role, p.then.TeamRoleLabel(member.Role), projections.StatusOf(p.then, person.User), originOf(in.Org, member.Origin), availableActions(domain.AvailableActions{}),
		}
	})
}
