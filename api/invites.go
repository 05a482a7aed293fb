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

func (s *Server) listInvites(ctx context.Context, in *invitesQuery) (*answer[projections.List[projections.Invite]], error) {
	org, known, position, err := s.listing(ctx, in.Org, domain.SeeingInvites, domain.About{})
	if err != nil {
		return nil, err
	}
	found, err := s.Database.Invites(ctx, in.Org, in.page())
	if err != nil {
		return nil, err
	}
	for i := range found.Items {
		found.Items[i].Projects = slices.DeleteFunc(found.Items[i].Projects, func(p events.ProjectRole) bool {
			return !org.SeesProject(asked(ctx).actor, p.Project)
		})
	}
	return fromDatabase(org, known, position, found), nil
}
