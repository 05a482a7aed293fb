package domain

import "github.com/seed-2026d078/roster/events"

// WithdrawAccessRequest takes a request for access back.
type WithdrawAccessRequest struct{ Request events.AccessRequestID }

// Decide lets whoever made a request take it back, and the system for them. Repeated, it changes nothing.
func (c WithdrawAccessRequest) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	switch r := org.accessRequests.At(c.Request); {
	case m.Actor == events.System, r != nil && r.Member == m.Actor:
	case !org.Sees(m.Actor):
		return nil, ErrNoOrganization
	default:
		return nil, ErrNoAccessRequest.Because("You have made no request for access %q.", c.Request)
	}
	if org.closedAs(m.Actor, c.Request, AccessWithdrawn) {
		return nil, nil // already so
	}
	request, err := org.pendingAccessRequest(m.Actor, c.Request)
	if err != nil {
		return nil, err
	}
	return []events.Event{events.AccessRequestWithdrawn{Request: c.Request, Member: request.Member}}, nil
}
