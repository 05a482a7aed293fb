package api

import (
	"context"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/scheme"
)

type createOrganization struct {
	ID     events.OrganizationID `json:"id,omitzero" doc:"1 to 64 of A-Z, a-z, 0-9, _ and -; left out: a new one." maxLength:"64"`
	Name   string                `json:"name,omitzero" doc:"Left out: the id." maxLength:"255"`
	Scheme string                `json:"scheme,omitzero" doc:"Left out: owner-member."`
	Owner  events.UserID         `json:"owner,omitzero" doc:"Who joins with the highest role; left out: the actor."`
}

func (o createOrganization) command(_ context.Context, c clerk) (domain.Command, error) {
	if o.ID != "" && o.ID != c.org {
		return nil, errMalformed.because("The command creates organization %q, but was sent to %q.", o.ID, c.org)
	}
	key := o.Scheme
	if key == "" {
		key = scheme.Default
	}
	scheme, err := c.scheme(key)
	if err != nil {
		return nil, err
	}
	name := o.Name
	if name == "" {
		name = string(c.org)
	}
	return domain.CreateOrganization{Name: name, Scheme: scheme, Owner: o.Owner}, nil
}

type renameOrganization struct {
	Name string `json:"name" maxLength:"255"`
}

func (o renameOrganization) command(context.Context, clerk) (domain.Command, error) {
	return domain.RenameOrganization{To: o.Name}, nil
}

type archiveOrganization struct{}

func (archiveOrganization) command(context.Context, clerk) (domain.Command, error) {
	return domain.ArchiveOrganization{}, nil
}

type restoreOrganization struct{}

func (restoreOrganization) command(context.Context, clerk) (domain.Command, error) {
	return domain.RestoreOrganization{}, nil
}

type deleteOrganization struct{}

func (deleteOrganization) command(context.Context, clerk) (domain.Command, error) {
	return domain.DeleteOrganization{}, nil
}

type transferOwnership struct {
	To   events.UserID  `json:"to" doc:"The member who takes the actor's role." maxLength:"255"`
	Role events.RoleKey `json:"role,omitzero" doc:"What the actor becomes; left out: what the other one was."`
}

func (o transferOwnership) command(context.Context, clerk) (domain.Command, error) {
	return domain.TransferOwnership{To: o.To, Role: o.Role}, nil
}

type changeSeats struct {
	Seats int `json:"seats" doc:"How many there are; 0: as many as the scheme has." minimum:"0"`
}

func (o changeSeats) command(context.Context, clerk) (domain.Command, error) {
	return domain.ChangeSeats{To: o.Seats}, nil
}
