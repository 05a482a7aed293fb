package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// organization is an organization as a list shows it.
type organization struct {
	ID        events.OrganizationID `json:"id"`
	Name      string                `json:"name"`
	Scheme    string                `json:"scheme" doc:"The key of the scheme."`
	Archived  bool                  `json:"archived" doc:"Whether it is read only with everything in it."`
	Role      events.RoleKey        `json:"role,omitzero" doc:"The actor's own; left out for the system."`
	RoleLabel string                `json:"role_label,omitzero" doc:"What the role is called."`
	// WithoutOwner can only follow from an import.
	WithoutOwner bool `json:"without_owner,omitzero" doc:"Whether a role that must be held has too few holders, since an imported history lost them."`
}

// organizationOf returns the row of an organization.
func organizationOf(org domain.Organization, actor events.UserID) organization {
	member, _ := org.Member(actor)
	return organization{org.ID(), org.Name(), org.Scheme().Key, org.Archived(), member.Role, organizationRoleLabel(org, member.Role), org.WithoutOwner()}
}

type organizationsQuery struct {
	Paging
	AtTime
	WithoutOwner bool `query:"without_owner" doc:"Only those in which a role that must be held has too few holders."`
}

// listOrganizations leaves out organizations that the actor does not see any more, also
// because their membership has passed its end.
func (s *Server) listOrganizations(ctx context.Context, in *organizationsQuery) (*answer[List[organization]], error) {
	if in.asked() {
		return s.listPastOrganizations(ctx, in)
	}
	// The actor may have come into any organization, so it waits for all that has happened.
	position, err := s.waitForReadModels(ctx, s.Desk.View().Position)
	if err != nil {
		return nil, err
	}
	actor, view, now := requestFrom(ctx).actor, s.Desk.View(), s.now()
	found, err := s.Database.ListOrganizations(ctx, view.State, now, projections.OrganizationFilter{Of: actor, WithoutOwner: in.WithoutOwner}, in.page())
	if err != nil {
		return nil, err
	}
	page := rowsOf(found, func(id events.OrganizationID) organization {
		return organizationOf(view.State.Organization(id).At(now), actor)
	})
	return &answer[List[organization]]{Position: min(position, view.Position), Body: page}, nil
}

// listPastOrganizations is listOrganizations for a time in the past: of the organizations that
// the actor sees now, those in which they were an active member then. The system sees all,
// also those that were deleted since.
func (s *Server) listPastOrganizations(ctx context.Context, in *organizationsQuery) (*answer[List[organization]], error) {
	view := s.Desk.View()
	w := s.newWalk(ctx, view.State.Organization("")) // it is about several
	all, err := s.pastOrganizations(w, in.At.UTC(), in.After == "")
	if err != nil {
		return nil, err
	}
	var found []ordered[organization]
	for _, row := range all {
		if row.item.WithoutOwner || !in.WithoutOwner {
			found = append(found, row)
		}
	}
	page, err := pageOf(w, found, in.Paging)
	return &answer[List[organization]]{Position: view.Position, Body: rowsOf(page, func(row organization) organization { return row })}, err
}

// pastOrganizations returns the rows of all organizations of the past that the actor sees. The
// system sees the same whenever it asks, so its rows are kept for the pages that follow the
// first.
func (s *Server) pastOrganizations(w *walk, at time.Time, first bool) ([]ordered[organization], error) {
	actor, state, now := requestFrom(w.ctx).actor, s.Desk.View().State, s.now()
	key := pastKey{at: at, former: requestFrom(w.ctx).former}
	if kept, known := s.pasts.organizations.Get(key); known && !first && actor == events.System {
		return kept, nil
	}
	then, err := s.statesAt(w.ctx, at, "", func(id events.OrganizationID) bool {
		return actor == events.System || state.Organization(id).At(now).Sees(actor)
	})
	if err != nil {
		return nil, err
	}
	var all []ordered[organization]
	for id, org := range then.Organizations() {
		if !w.proceed() {
			return nil, w.err
		}
		if org = org.At(at); org.Sees(actor) {
			all = append(all, inOrder(organizationOf(org, actor), "", string(id)))
		}
	}
	if actor == events.System {
		s.pasts.organizations.Add(key, all)
	}
	return all, nil
}
