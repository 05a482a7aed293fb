package api

import (
	"context"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// listPastOrganizations is listOrganizations for a time in the past: of the organizations that
// the actor sees now, those in which they were an active member then. The system sees all,
// also those that were deleted since.
func (s *Server) listPastOrganizations(ctx context.Context, in *organizationsQuery) (*answer[List[organization]], error) {
	view := s.Desk.View()
	w := s.newWalk(ctx, view.State.Organization("")) // it is about several
	defer w.end()                                    //nolint:errcheck // pageOf returns its error
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
	actor, state, now := requestFrom(w.ctx).actor, s.Desk.View().State, time.Now()
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
