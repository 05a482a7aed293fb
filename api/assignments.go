package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

func (s *Server) assignmentRoutes() {
	const all, one, tag = "/projects/{project}/teams", "/projects/{project}/teams/{team}", "Assignments"
	assign := spec{"assign_team", http.MethodPost, all, tag, "Give everybody in a team, or in several, a role on a project"}
	defineRoute(s, assign, buildAssignTeams)
	defineItem(s, assign.id, buildAssignTeam)
	define(s, spec{"change_assignment", http.MethodPatch, one, tag, "Change the role that an assignment gives"},
		func(c changeAssignment) (domain.Command, error) {
			return domain.ChangeAssignment{Team: c.Team, Project: c.Project, To: c.Role}, nil
		})
	define(s, spec{"change_assignment_start", http.MethodPatch, one + "/start", tag, "Change when an assignment starts that has not started"},
		func(c changeAssignmentStart) (domain.Command, error) {
			return domain.ChangeAssignmentStart{Team: c.Team, Project: c.Project, From: instantOf(c.From)}, nil
		})
	define(s, spec{"change_assignment_end", http.MethodPatch, one + "/end", tag, "Change when an assignment ends"},
		func(c changeAssignmentEnd) (domain.Command, error) {
			return domain.ChangeAssignmentEnd{Team: c.Team, Project: c.Project, Until: instantOf(c.Until)}, nil
		})
	define(s, spec{"unassign_team", http.MethodDelete, one, tag, "Remove a team from a project"},
		func(c unassignTeam) (domain.Command, error) {
			return domain.UnassignTeam{Team: c.Team, Project: c.Project}, nil
		})
	list(s, route{http.MethodGet, organizationPath + "/projects/{project}/teams", "list_project_teams", tag, "List the teams on a project"}, s.listProjectTeams)
	list(s, route{http.MethodGet, organizationPath + "/projects/{project}/candidate-teams", "list_candidate_teams", tag, "List and search the teams that the actor could assign to a project"}, s.listCandidateTeams)
}

type assignTeam struct {
	Project events.ProjectID `json:"project"`
	Team    events.TeamID    `json:"team"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	From    time.Time        `json:"from,omitzero" doc:"When it starts; left out, or in the past: at once."`
	Until   time.Time        `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func buildAssignTeam(_ context.Context, _ *commandBuilder, c assignTeam) (domain.Command, error) {
	return domain.AssignTeam{Team: c.Team, Project: c.Project, Role: c.Role, From: events.Instant(c.From), Until: events.Instant(c.Until)}, nil
}

// assignTeams is assignTeam for one team, or for several.
type assignTeams struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	Team    events.TeamID    `json:"team,omitzero" maxLength:"255" example:"core"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	From    time.Time        `json:"from,omitzero" doc:"When it starts; left out, or in the past: at once."`
	Until   time.Time        `json:"until,omitzero" doc:"When it ends; left out: never."`
	Teams   []newAssignment  `json:"teams,omitzero" doc:"Several teams instead: all are assigned, or none." maxItems:"1000"`
}

// newAssignment is assignTeam without the project, which the path names.
type newAssignment struct {
	Team  events.TeamID  `json:"team" maxLength:"255"`
	Role  events.RoleKey `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	From  time.Time      `json:"from,omitzero" doc:"When it starts; left out, or in the past: at once."`
	Until time.Time      `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func (a newAssignment) item(project events.ProjectID) namedItem {
	return namedItem{string(a.Team), bind(buildAssignTeam, assignTeam{project, a.Team, a.Role, a.From, a.Until})}
}

func buildAssignTeams(ctx context.Context, b *commandBuilder, c assignTeams) (domain.Command, error) {
	one := c.Team != "" || c.Role != "" || !c.From.IsZero() || !c.Until.IsZero()
	if one == (len(c.Teams) > 0) {
		return nil, errMalformed.because("Name either a team, or several teams.")
	}
	if one {
		return buildAssignTeam(ctx, b, assignTeam{c.Project, c.Team, c.Role, c.From, c.Until})
	}
	all := make([]namedItem, len(c.Teams))
	for i, t := range c.Teams {
		all[i] = t.item(c.Project)
	}
	return buildNamed(ctx, b, all)
}

type changeAssignment struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	Team    events.TeamID    `path:"team" json:"team" doc:"The team." maxLength:"255"`
	Role    events.RoleKey   `json:"role" doc:"The role to hold from now on."`
}

type changeAssignmentStart struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	Team    events.TeamID    `path:"team" json:"team" doc:"The team." maxLength:"255"`
	From    *time.Time       `json:"from,omitzero" doc:"When it starts, before it ends; left out, null or in the past: at once."`
}

type changeAssignmentEnd struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	Team    events.TeamID    `path:"team" json:"team" doc:"The team." maxLength:"255"`
	Until   *time.Time       `json:"until,omitzero" doc:"When it ends, in the future; left out or null: never."`
}

type unassignTeam struct {
	Project events.ProjectID `path:"project" json:"project" doc:"The project." maxLength:"255"`
	Team    events.TeamID    `path:"team" json:"team" doc:"The team." maxLength:"255"`
}

type projectTeamsQuery struct {
	ProjectPath
	Paging
	AtTime
	Search   string `query:"search" maxLength:"255" doc:"A part of the team's name, or of the name, login, email address or effective role of somebody in it."`
	Inactive bool   `query:"inactive" doc:"List instead the teams whose assignment has not started, or has ended."`
}

func (s *Server) listProjectTeams(ctx context.Context, in *projectTeamsQuery) (*answer[List[projectTeam]], error) {
	if in.asked() {
		return s.listPastProjectTeams(ctx, in)
	}
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

func (s *Server) listPastProjectTeams(ctx context.Context, in *projectTeamsQuery) (*answer[List[projectTeam]], error) {
	p, err := s.pastProject(ctx, in.AtTime, in.ProjectPath)
	if err != nil {
		return nil, err
	}
	found, err := s.findPastProjectTeams(ctx, p, in.Project, in.Paging, projections.ProjectTeamFilter{Search: in.Search, Inactive: in.Inactive})
	return fromMemory(p.now, p.position, found), err
}

type candidateTeamsQuery struct {
	ProjectPath
	Paging
	Search string `query:"search" maxLength:"255" doc:"Words, as in the list of teams."`
}

// candidateTeam is a team that the actor could assign to a project.
type candidateTeam struct {
	Team        events.TeamID  `json:"team"`
	Name        string         `json:"name"`
	Description string         `json:"description,omitzero"`
	Privacy     events.Privacy `json:"privacy,omitzero"`
	Colour      events.Colour  `json:"colour" doc:"Of the icon: the one that was set, or else one that follows from the id."`
	Members     int            `json:"members" doc:"In the team itself."`
}

// candidateTeams is one page of teams, with the roles that they can get.
type candidateTeams struct {
	List[candidateTeam]
	Roles []events.RoleKey `json:"roles" doc:"The roles on the project that the actor may give, lowest first; none if each member of a team gets their default."`
}

func (s *Server) listCandidateTeams(ctx context.Context, in *candidateTeamsQuery) (*answer[candidateTeams], error) {
	org, known, position, err := s.listing(ctx, in.Org, "", domain.About{})
	if err != nil {
		return nil, err
	}
	m := currentMoment(ctx, org)
	if err := org.AuthorizeForSome(m.Actor, domain.AssigningTeam, in.Project); err != nil {
		return nil, hideMembers(err)
	}
	available := org.ActionsOnProject(m, in.Project)
	offered := slices.Contains(available.Actions, domain.AssigningTeam)
	keep := func(id events.TeamID) bool { return offered && org.CanBeAssigned(m.Actor, id, in.Project) }
	found, err := s.Database.ListTeams(ctx, org, projections.TeamFilter{Search: in.Search, Keep: keep, Page: in.page()})
	if err != nil {
		return nil, err
	}
	page := candidateTeams{Roles: []events.RoleKey{}}
	if org.Scheme().Teams.Confer != events.MembersDefault {
		page.Roles = append(page.Roles, available.Roles...)
	}
	page.List = rowsOf(found, func(id events.TeamID) candidateTeam {
		team, _ := org.Team(id)
		return candidateTeam{id, team.Name, team.Description, team.Privacy, teamColour(id, team), team.CountMembers()}
	})
	return fromDatabase(org, known, position, page), nil
}
