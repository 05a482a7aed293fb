package api

import (
	"context"
	"errors"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

type createTeam struct {
	Team        events.TeamID  `json:"team,omitzero" doc:"The id; left out: a new one." maxLength:"255"`
	Name        string         `json:"name" doc:"Unique in the organization." maxLength:"255"`
	Parent      events.TeamID  `json:"parent,omitzero" doc:"The team above; left out: none."`
	Description string         `json:"description,omitzero" maxLength:"10000"`
	Privacy     events.Privacy `json:"privacy,omitzero" enum:",closed,secret"`
	Colour      events.Colour  `json:"colour,omitzero" doc:"Of the icon, as in #1a2b3c."`
}

func (o createTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.CreateTeam{
		Team: named(o.Team), Name: o.Name, Parent: o.Parent, Description: o.Description, Privacy: o.Privacy, Colour: o.Colour,
	}, nil
}

type renameTeam struct {
	Team events.TeamID `json:"team"`
	Name string        `json:"name" maxLength:"255"`
}

func (o renameTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.RenameTeam{Team: o.Team, To: o.Name}, nil
}

type describeTeam struct {
	Team        events.TeamID   `json:"team"`
	Description *string         `json:"description,omitzero" doc:"Left out: stays." maxLength:"10000"`
	Privacy     *events.Privacy `json:"privacy,omitzero" doc:"Left out: stays." enum:",closed,secret"`
}

func (o describeTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.DescribeTeam{Team: o.Team, Description: o.Description, Privacy: o.Privacy}, nil
}

type colourTeam struct {
	Team   events.TeamID `json:"team"`
	Colour events.Colour `json:"colour" doc:"Of the icon, as in #1a2b3c; empty: none."`
}

func (o colourTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.ColourTeam{Team: o.Team, To: o.Colour}, nil
}

type moveTeam struct {
	Team   events.TeamID `json:"team"`
	Parent events.TeamID `json:"parent,omitzero" doc:"The team above; empty: none."`
}

func (o moveTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.MoveTeam{Team: o.Team, To: o.Parent}, nil
}

type removeTeam struct {
	Team events.TeamID `json:"team"`
}

func (o removeTeam) command(context.Context, clerk) (domain.Command, error) {
	return domain.RemoveTeam{Team: o.Team}, nil
}

type addTeamMember struct {
	Team events.TeamID  `json:"team"`
	User events.UserID  `json:"user"`
	Role events.RoleKey `json:"role,omitzero" doc:"In the team; left out: the scheme's default."`
}

func (o addTeamMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.AddTeamMember{Team: o.Team, Member: o.User, Role: o.Role}, nil
}

type changeTeamRole struct {
	Team events.TeamID  `json:"team"`
	User events.UserID  `json:"user"`
	Role events.RoleKey `json:"role"`
}

func (o changeTeamRole) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeTeamRole{Team: o.Team, Member: o.User, To: o.Role}, nil
}

type removeTeamMember struct {
	Team events.TeamID `json:"team"`
	User events.UserID `json:"user"`
}

func (o removeTeamMember) command(context.Context, clerk) (domain.Command, error) {
	return domain.RemoveTeamMember{Team: o.Team, Member: o.User}, nil
}

// editTeam changes several things of a team at once, all or nothing.
type editTeam struct {
	team        events.TeamID
	Name        *string         `json:"name,omitzero" maxLength:"255"`
	Description *string         `json:"description,omitzero" maxLength:"10000"`
	Privacy     *events.Privacy `json:"privacy,omitzero" enum:",closed,secret"`
	Parent      *events.TeamID  `json:"parent,omitzero" doc:"The team above; empty: none."`
}

func (o editTeam) command(ctx context.Context, c clerk) (domain.Command, error) {
	var parts []order
	if o.Name != nil {
		parts = append(parts, renameTeam{o.team, *o.Name})
	}
	if o.Description != nil || o.Privacy != nil {
		parts = append(parts, describeTeam{o.team, o.Description, o.Privacy})
	}
	if o.Parent != nil {
		parts = append(parts, moveTeam{o.team, *o.Parent})
	}
	if parts == nil {
		return nil, errMalformed.because("Nothing is to change; name at least one of name, description, privacy, parent.")
	}
	all := make(edits, len(parts))
	for i, part := range parts {
		var err error
		if all[i], err = part.command(ctx, c); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// edits is a batch whose sender knows of no items: it is refused as its first
// refused part is.
type edits domain.Batch

// Decide decides the parts in turn.
func (e edits) Decide(org domain.Organization, m events.Moment) ([]events.Event, error) {
	happened, err := domain.Batch(e).Decide(org, m)
	if batch, ok := errors.AsType[*domain.BatchError](err); ok {
		return nil, batch.Items[0].Err
	}
	return happened, err
}
