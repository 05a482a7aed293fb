package api

import (
	"net/http"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// assignment puts a team on a project.
type assignment struct {
	Team  events.TeamID  `json:"team" maxLength:"255"`
	Role  events.RoleKey `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	Until time.Time      `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func (b assignment) order(project events.ProjectID) assignTeam {
	return assignTeam{b.Team, project, b.Role, b.Until}
}

// assignments is assignment for one team, or for several.
type assignments struct {
	Team  events.TeamID  `json:"team,omitzero" maxLength:"255"`
	Role  events.RoleKey `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	Until time.Time      `json:"until,omitzero" doc:"When it ends; left out: never."`
	Teams []assignment   `json:"teams,omitzero" doc:"Several teams instead: all are assigned, or none." maxItems:"1000"`
}

func (b assignments) order(project events.ProjectID) order {
	one := b.Team != "" || b.Role != "" || !b.Until.IsZero()
	if one == (len(b.Teams) > 0) {
		return malformed("Name either a team, or several teams.")
	}
	if one {
		return assignment{b.Team, b.Role, b.Until}.order(project)
	}
	all := make(several, len(b.Teams))
	for i, t := range b.Teams {
		all[i] = t.order(project)
	}
	return all
}

// CommandOnAssignment is a command about a team on a project.
type CommandOnAssignment struct {
	CommandOnProject
	Team events.TeamID `path:"team" doc:"The team." maxLength:"255"`
}

type teamAssignment struct {
	CommandOnProject
	Body assignments
}

type assignmentChange struct {
	CommandOnAssignment
	Body newRole
}

type assignmentEndChange struct {
	CommandOnAssignment
	Body newEnd
}

func (s *Server) assignmentRoutes() {
	const all, one, tag = "/v1/organizations/{org}/projects/{project}/teams", "/v1/organizations/{org}/projects/{project}/teams/{team}", "Assignments"
	command(s, route{http.MethodPost, all, "assign_team", tag, "Give everybody in a team, or in several, a role on a project"},
		func(in *teamAssignment) order { return in.Body.order(in.Project) })
	command(s, route{http.MethodPatch, one, "change_assignment", tag, "Change the role that an assignment confers"},
		func(in *assignmentChange) order { return changeAssignment{in.Team, in.Project, in.Body.Role} })
	command(s, route{http.MethodPatch, one + "/end", "change_assignment_end", tag, "Change when an assignment ends"},
		func(in *assignmentEndChange) order { return changeAssignmentEnd{in.Team, in.Project, in.Body.until()} })
	command(s, route{http.MethodDelete, one, "unassign_team", tag, "Take a team off a project"},
		func(in *CommandOnAssignment) order { return unassignTeam{in.Team, in.Project} })
	list(s, route{http.MethodGet, all, "list_project_teams", tag, "List the teams on a project"}, s.listProjectTeams)
}
