package api

import (
	"context"
	"net/http"

	"github.com/seed-2026d078/roster/events"
)

// largeBody is the size of a body, in bytes, from which on its request takes a slot.
const largeBody = 32 << 10

// takeBodySlot waits for a slot if a body is large, since it takes milliseconds to decode and
// to answer, and others must find a processor that is free. Who is in no organization that
// the request is about shares a place in the queue with all others of this kind.
func (s *Server) takeBodySlot(r *http.Request, size int) error {
	if size < largeBody {
		return nil
	}
	actor := requestFrom(r.Context()).actor
	org, _ := organizationIn(r.URL.Path)
	if !s.Desk.View().State.Organization(org).At(s.now()).Sees(actor) {
		org = ""
	}
	return s.takeSlot(r.Context(), s.bodySlots, org)
}

// takeListSlot waits until a request may read a list of an organization.
func (s *Server) takeListSlot(ctx context.Context, org events.OrganizationID) error {
	return s.takeSlot(ctx, s.listSlots, org)
}

// takeSlot waits for a slot unless the request has one. The system needs none: its key is the
// whole product.
func (s *Server) takeSlot(ctx context.Context, from *slots, org events.OrganizationID) (err error) {
	q := requestFrom(ctx)
	if q.actor != events.System && q.slot == nil {
		q.slot, err = from.acquire(ctx, org)
	}
	return err
}

// endSlot gives the slot back. It is called before a request waits for a slot of another
// kind, before an answer is written, which the client may delay, and when the request ends.
func (q *request) endSlot() {
	if q.slot != nil {
		q.slot()
		q.slot = nil
	}
}
