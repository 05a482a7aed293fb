package api

import (
	"net/http"

	"github.com/seed-2026d078/roster/events"
)

// largeBody is the size of a body, in bytes, from which on its request takes a slot.
const largeBody = 32 << 10

// takeBodySlot waits for a slot if a body is large, since it takes milliseconds to decode and
// to answer, and others must find a processor that is free. Who is in no organization that
// the request is about shares a place in the queue with all others of this kind. The system
// needs no slot: its key is the whole product.
func (s *Server) takeBodySlot(r *http.Request, size int) error {
	q := requestFrom(r.Context())
	if size < largeBody || q.actor == events.System || q.bodySlot != nil {
		return nil
	}
	org, _ := organizationIn(r.URL.Path)
	if !s.Desk.View().State.Organization(org).At(s.now()).Sees(q.actor) {
		org = ""
	}
	release, err := s.bodySlots.acquire(r.Context(), org)
	q.bodySlot = release
	return err
}

// endBodySlot gives the slot back. It is called before a request waits for a slot of another
// kind, before an answer is written, which the client may delay, and when the request ends.
func (q *request) endBodySlot() {
	if q.bodySlot != nil {
		q.bodySlot()
		q.bodySlot = nil
	}
}
