package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// EndElevation ends an elevation before its time.
type EndElevation struct {
	// Request is what asked for it.
	Request events.AccessRequestID
}

// Decide lets those end an elevation who are elevated, or who could approve it. One that has ended is left as it is.
func (c EndElevation) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if !org.Sees(m.Actor) {
		return nil, ErrNoOrganization
	}
	request := org.accessRequests.At(c.Request)
	if request == nil || !request.Elevation || !org.SeesAccessRequest(m.Actor, *request) {
		return nil, ErrNoAccessRequest.Because("There is no elevation by the request %q, or it is not yours to end: those end it who are elevated, or could give the role for good.", c.Request)
	}
	if org.AccessRequestStatus(*request) == AccessPending {
		return nil, ErrNoAccessRequest.Because("Nobody has approved the request %q; withdraw or deny it instead.", c.Request)
	}
	e := org.members.At(request.Member).elevation(request.Project)
	if e == nil || e.Request != c.Request || ended(e.Until, org.at) {
		return nil, nil // already so
	}
	return []events.Event{e.ended(request.Member, time.Time{})}, nil
}

// ended returns the event that ends an elevation: early, or since its end, which is not zero then, has passed.
func (e *Elevation) ended(user events.UserID, passed time.Time) events.Event {
	return events.ElevationEnded{Request: e.Request, Member: user, Project: e.Project, Role: e.Role, Until: passed}
}
