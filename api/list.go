package api

import (
	"context"
	"errors"
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// Paging selects a page of a list.
type Paging struct {
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"The largest number of items."`
	After string `query:"after" doc:"The value of next in the page before."`
}

func (p Paging) page() projections.Page { return projections.Page{Limit: p.Limit, After: p.After} }

// keptFor is how long what was made for the first page of a list is kept for those that
// follow it. What changes meanwhile, such as an end that passes, shows in the next list.
const keptFor = 30 * time.Second

// List is one page.
type List[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitzero" doc:"The value of after for the next page; left out on the last page."`
}

// listing authorizes a view of an organization and waits for the read models: for the
// position that the client has seen and, at most for BriefWait, for what has happened to
// the organization until now. What happens to others makes nobody wait. The read models say
// which rows are next and what people are called; the organization says the rest. It returns
// the organization, the position since when it is as it is, and the position that both have
// reached.
func (s *Server) listing(ctx context.Context, id events.OrganizationID, view events.Action, about domain.About) (org domain.Organization, known, position events.Position, err error) {
	if _, _, err = s.authorized(ctx, id, view, about); err != nil {
		return org, 0, 0, err
	}
	if position, err = s.waitForReadModels(ctx, s.Desk.NewestPosition(id)); err != nil {
		return org, 0, 0, err
	}
	if err := s.takeListSlot(ctx, id); err != nil {
		return org, 0, 0, err
	}
	// While it waited, the organization may have changed.
	org, known, err = s.authorized(ctx, id, view, about)
	return org, min(known, s.Desk.NewestPosition(id)), min(position, known), err
}

// hideMembers replaces "not allowed" by "not found", so that the answer does not reveal
// that the list exists.
func hideMembers(err error) error {
	if errors.Is(err, domain.ErrNotAllowed) {
		return domain.ErrNoMembers
	}
	return err
}

// rowsOf returns a page with a row for each item that the read models found.
func rowsOf[A, B any](found projections.List[A], row func(A) B) List[B] {
	page := List[B]{Items: make([]B, len(found.Items)), Next: found.Next}
	for i, item := range found.Items {
		page.Items[i] = row(item)
	}
	return page
}
