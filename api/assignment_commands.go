package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type assignTeam struct {
	Team    events.TeamID    `json:"team"`
	Project events.ProjectID `json:"project"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	Until   time.Time        `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func (o assignTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.AssignTeam{Team: o.Team, Project: o.Project, Role: o.Role, Until: events.Instant(o.Until)}, nil
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

type changeAssignmentEnd struct {
	Team    events.TeamID    `json:"team"`
	Project events.ProjectID `json:"project"`
	Until   time.Time        `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func (o changeAssignmentEnd) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeAssignmentEnd{Team: o.Team, Project: o.Project, Until: events.Instant(o.Until)}, nil
}
