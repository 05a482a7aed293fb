package subscriber

import (
	"context"
	"slices"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// organizationsPerPage is how many organizations an answer names.
const organizationsPerPage = 1000

// organizations answers which organizations there are that a subscriber may read.
func (s *Service) organizations(ctx context.Context, name string, text []byte) (*feed.OrganizationsResponse, error) {
	var request feed.OrganizationsRequest
	if err := unmarshal(text, &request); err != nil {
		return nil, err
	}
	subscriber, err := s.Registry.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	view := s.View()
	found := []events.OrganizationID{}
	if len(subscriber.Organizations) == 0 {
		for id := range view.State.Organizations() {
			if id > request.After {
				found = append(found, id)
			}
		}
	} else {
		readable, err := subscriber.readable(view.State)
		if err != nil {
			return nil, err
		}
		for _, id := range readable {
			if id > request.After && view.State.Organization(id).Exists() {
				found = append(found, id)
			}
		}
	}
	slices.Sort(found)
	more := len(found) > organizationsPerPage
	return &feed.OrganizationsResponse{Organizations: found[:min(len(found), organizationsPerPage)], Position: view.Position, More: more}, nil
}
