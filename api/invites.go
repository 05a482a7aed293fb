package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// invite is a pending offer of membership.
type invite struct {
	ID       events.InviteID      `json:"id"`
	Email    string               `json:"email,omitzero" doc:"Left out: forgotten."`
	User     events.UserID        `json:"user,omitzero" doc:"Whom it is for, where that is known."`
	Role     events.RoleKey       `json:"role" doc:"In the organization."`
	Levels   events.Levels        `json:"levels,omitempty" doc:"The person's own in the organization."`
	Until    *time.Time           `json:"until,omitzero" doc:"When the membership will end; left out: never."`
	Projects []events.ProjectRole `json:"projects,omitempty" doc:"Joined on acceptance; those that the actor sees."`
	Expires  *time.Time           `json:"expires_at,omitzero" doc:"When the offer ends, or has ended; left out: never."`
	Sent     Origin               `json:"sent"`
	Expired  bool                 `json:"expired" doc:"Whether it can no longer be accepted."`
	Actions  []events.Action      `json:"actions" doc:"What the actor may do about it now."`
}

func inviteOf(org domain.Organization, m events.Moment, id events.InviteID, found domain.Invite) invite {
	row := invite{
		ID: id, User: found.Member, Role: found.Role, Levels: found.Levels, Until: orNever(found.Until), Expires: orNever(found.Expires),
		Sent: originOf(org.ID(), found.Sent), Expired: found.Expired(m.Now), Actions: []events.Action{},
	}
	for p := range found.Projects() {
		if org.SeesProject(m.Actor, p.Project) {
			row.Projects = append(row.Projects, p)
		}
	}
	if _, err := (domain.RevokeInvite{Invite: id}).Decide(org, m); err == nil {
		row.Actions = append(row.Actions, domain.RevokingInvite)
	}
	return row
}

type invitesQuery struct {
	InOrganization
	Paging
}

func (s *Server) listInvites(ctx context.Context, in *invitesQuery) (*answer[List[invite]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingInvites, domain.About{})
	if err != nil {
		return nil, err
	}
	m := present(ctx, org)
	found, err := s.Database.ListInvites(ctx, org, in.page())
	if err != nil {
		return nil, err
	}
	return fromDatabase(org, known, position, rowsOf(found, func(i projections.InviteAddress) invite {
		of, _ := org.Invite(i.ID)
		row := inviteOf(org, m, i.ID, of)
		row.Email = i.Email
		return row
	})), nil
}
