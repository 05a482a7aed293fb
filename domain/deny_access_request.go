package domain

import "github.com/seed-2026d078/roster/events"

// DenyAccessRequest refuses what somebody has asked for.
type DenyAccessRequest struct {
	Request events.AccessRequestID
	// Reason is what the person is told.
	Reason events.Sealed
}

// Decide lets those deny a request who could approve it with some role. Denied again, it changes nothing; the reason stays, and another one is refused.
func (c DenyAccessRequest) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if org.closedAs(m.Actor, c.Request, AccessRefused) {
		if c.Reason != "" && c.Reason != org.accessRequests.At(c.Request).Closed.Reason {
			return nil, ErrAccessRequestClosed.Because("The request is denied already, and whoever asked has been told so; the reason cannot be changed.")
		}
		return nil, nil // already so
	}
	request, err := org.requestToDecide(m.Actor, c.Request)
	if err != nil {
		return nil, err
	}
	return []events.Event{events.AccessDenied{Request: c.Request, Member: request.Member, Reason: c.Reason}}, nil
}

// closedAs reports whether a request of which the actor may know ended in a way.
func (o Organization) closedAs(actor events.UserID, id events.AccessRequestID, status AccessRequestStatus) bool {
	r := o.accessRequests.At(id)
	return r != nil && r.Closed != nil && r.Closed.Status == status && o.SeesAccessRequest(actor, *r)
}
