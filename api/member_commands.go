package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type addMember struct {
	User   events.UserID  `json:"user" maxLength:"255"`
	Role   events.RoleKey `json:"role,omitzero" doc:"In the organization; left out: the scheme's default."`
	Login  string         `json:"login,omitzero" doc:"The spelling that people see."`
	Name   string         `json:"name,omitzero" maxLength:"255"`
	Email  string         `json:"email,omitzero" maxLength:"320"`
	Levels events.Levels  `json:"levels,omitzero" doc:"The person's own in the organization, where the role carries some."`
	Until  time.Time      `json:"until,omitzero" doc:"When the membership ends; left out: never."`
}

func (o addMember) command(ctx context.Context, c clerk) (domain.Command, error) {
	email, err := readEmail(o.Email)
	if err != nil {
		return nil, err
	}
	name, err := readName(o.Name)
	if err != nil {
		return nil, err
	}
	sealedName, err := c.seal(ctx, string(o.User), name)
	if err != nil {
		return nil, err
	}
	sealedEmail, err := c.seal(ctx, string(o.User), email)
	if err != nil {
		return nil, err
	}
	return domain.AddMember{
		Member: o.User, Role: o.Role, Login: o.Login, Name: sealedName, Email: sealedEmail, Address: c.address(email),
		Levels: o.Levels, Until: events.Instant(o.Until),
	}, nil
}

type changeRole struct {
	User events.UserID  `json:"user"`
	Role events.RoleKey `json:"role"`
}

func (o changeRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeRole{Member: o.User, To: o.Role}, nil
}

type removeMember struct {
	User events.UserID `json:"user"`
}

func (o removeMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.RemoveMember{Member: o.User}, nil
}

type changeLevels struct {
	User   events.UserID `json:"user"`
	Levels events.Levels `json:"levels,omitzero" doc:"The level of each permission; what is not listed is at its lowest. None at all: those of the role."`
}

func (o changeLevels) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeLevels{Member: o.User, To: o.Levels}, nil
}

type changeMemberEnd struct {
	User  events.UserID `json:"user"`
	Until time.Time     `json:"until,omitzero" doc:"When the membership ends; left out: never."`
}

func (o changeMemberEnd) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeMemberEnd{Member: o.User, Until: events.Instant(o.Until)}, nil
}

type deactivateMember struct {
	User events.UserID `json:"user"`
}

func (o deactivateMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.DeactivateMember{Member: o.User}, nil
}

type reactivateMember struct {
	User events.UserID `json:"user"`
}

func (o reactivateMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.ReactivateMember{Member: o.User}, nil
}

type attestAccess struct {
	User    events.UserID    `json:"user"`
	Project events.ProjectID `json:"project,omitzero" doc:"What was reviewed; left out: all that the person has."`
}

func (o attestAccess) command(context.Context, clerk) (domain.Command, error) {
	return domain.AttestAccess{Member: o.User, Project: o.Project}, nil
}
