package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type addProjectMember struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
	Role    events.RoleKey   `json:"role,omitzero" doc:"On the project; left out: the scheme's default."`
	Levels  events.Levels    `json:"levels,omitzero" doc:"The person's own on the project, where the role carries some."`
	Until   time.Time        `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func (o addProjectMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.AddProjectMember{
		Project: o.Project, Member: o.User, Role: o.Role, Levels: o.Levels, Until: events.Instant(o.Until),
	}, nil
}

type changeProjectRole struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
	Role    events.RoleKey   `json:"role"`
}

func (o changeProjectRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeProjectRole{Project: o.Project, Member: o.User, To: o.Role}, nil
}

type changeProjectLevels struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
	Levels  events.Levels    `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest. None at all: those of the role."`
}

func (o changeProjectLevels) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeProjectLevels{Project: o.Project, Member: o.User, To: o.Levels}, nil
}

type changeProjectMemberEnd struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
	Until   time.Time        `json:"until,omitzero" doc:"When it ends; left out: never."`
}

func (o changeProjectMemberEnd) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeProjectMemberEnd{Project: o.Project, Member: o.User, Until: events.Instant(o.Until)}, nil
}

type removeProjectMember struct {
	Project events.ProjectID `json:"project"`
	User    events.UserID    `json:"user"`
}

func (o removeProjectMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.RemoveProjectMember{Project: o.Project, Member: o.User}, nil
}
