package api

import (
	"context"
	"slices"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

type invitesQuery struct {
	InOrganization
	Paging
}

// inviteRow is a pending invite as a list shows it.
type inviteRow struct {
	projections.Invite
	Expired bool            `json:"expired" doc:"Whether it can no longer be accepted."`
	Actions []events.Action `json:"actions" doc:"What the actor may do about it now."`
}

func inviteRowOf(org domain.Organization, m events.Moment, found projections.Invite) inviteRow {
	found.Projects = slices.DeleteFunc(found.Projects, func(p events.ProjectRole) bool { return !org.SeesProject(m.Actor, p.Project) })
	row := inviteRow{Invite: found, Expired: found.Expires != nil && !m.Now.Before(*found.Expires), Actions: []events.Action{}}
	if _, err := (domain.RevokeInvite{Invite: found.ID}).Decide(org, m); err == nil {
		row.Actions = append(row.Actions, domain.RevokingInvite)
	}
	return row
}

func (s *Server) listInvites(ctx context.Context, in *invitesQuery) (*answer[projections.List[inviteRow]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingInvites, domain.About{})
	if err != nil {
		return nil, err
	}
	found, err := s.Database.Invites(ctx, in.Org, projections.InvitesQuery{Page: in.page()})
	if err != nil {
		return nil, err
	}
	m := present(ctx, org)
	return fromDatabase(org, known, position, rows(found, func(one projections.Invite) inviteRow { return inviteRowOf(org, m, one) })), nil
}
