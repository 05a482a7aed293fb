package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type assignTeam struct {
	Team    events.TeamID    `json:"team"`
	Project events.ProjectID `json:"project"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
}

func (o assignTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.AssignTeam{Team: o.Team, Project: o.Project, Role: o.Role}, nil
}

type changeAssignment struct {
	Team    events.TeamID    `json:"team"`
	Project events.ProjectID `json:"project"`
	Role    events.RoleKey   `json:"role"`
}

func (o changeAssignment) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeAssignment{Team: o.Team, Project: o.Project, To: o.Role}, nil
}

type unassignTeam struct {
	Team    events.TeamID    `json:"team"`
	Project events.ProjectID `json:"project"`
}

func (o unassignTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.UnassignTeam{Team: o.Team, Project: o.Project}, nil
}

// assignment is the body that puts a team on the project of the address.
type assignment struct {
	Team events.TeamID  `json:"team" maxLength:"255"`
	Role events.RoleKey `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
}

// CommandOnAssignment is a command about a team on a project.
type CommandOnAssignment struct {
	CommandOnProject
	Team events.TeamID `path:"team" doc:"The team." maxLength:"255"`
}

type teamAssignment struct {
	CommandOnProject
	Body assignment
}

type assignmentChange struct {
	CommandOnAssignment
	Body role
}

func (s *Server) assignmentRoutes() {
	const all, one, tag = "/v1/organizations/{org}/projects/{project}/teams", "/v1/organizations/{org}/projects/{project}/teams/{team}", "Assignments"
	command(s, route{http.MethodPost, all, "assign_team", tag, "Give everybody in a team a role on a project"},
		func(in *teamAssignment) order { return assignTeam{in.Body.Team, in.Project, in.Body.Role} })
	command(s, route{http.MethodPatch, one, "change_assignment", tag, "Change the role that an assignment confers"},
		func(in *assignmentChange) order { return changeAssignment{in.Team, in.Project, in.Body.Role} })
	command(s, route{http.MethodDelete, one, "unassign_team", tag, "Take a team off a project"},
		func(in *CommandOnAssignment) order { return unassignTeam{in.Team, in.Project} })
	list(s, route{http.MethodGet, all, "list_project_teams", tag, "List the teams on a project"}, s.listProjectTeams)
}
