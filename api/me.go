package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

func (s *Server) meRoutes() {
	read(s, route{http.MethodGet, organizationPath + "/me", "get_me", "Members", "Look at oneself: profile, role, levels, and what one may do"}, s.getMe)
}

// me is the actor as a member of an organization.
type me struct {
	Member
	Organization     events.OrganizationID `json:"organization"`
	OrganizationName string                `json:"organization_name"`
	InOrganization   AvailableActions      `json:"in_organization" doc:"What the actor may do in the organization itself; the actions beside it are about the actor."`
}

// getMe answers members about themselves. The system is no member.
func (s *Server) getMe(ctx context.Context, in *InOrganization) (*answer[me], error) {
	org, position, err := s.visibleOrganization(ctx, in.Org)
	if err != nil {
		return nil, err
	}
	m := currentMoment(ctx, org)
	found, joined := org.Member(m.Actor)
	switch {
	case m.Actor == events.System:
		return nil, domain.ErrNoMember.Because("The system is no member: name one in Roster-Actor (--actor).")
	case !joined:
		return nil, domain.ErrNoMember
	}
	shown := me{
		Member:       memberOf(org, m.Actor, found, levelEncoder{}, domain.NewProjectCounter(org, org, m.Actor), org.ActionsOnMember(m, m.Actor)),
		Organization: in.Org, OrganizationName: org.Name(),
		InOrganization: availableOn(org.ActionsOnOrganization(m), domain.AddingMember, domain.InvitingMember),
	}
	err = s.addProfile(ctx, org, &shown.Member, found)
	return fromMemory(org, position, shown), err
}
