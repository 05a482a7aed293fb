package domain

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// asker is somebody who has asked for access. The value is never changed, only replaced.
type asker struct {
	// open are the requests that are not closed.
	open []events.AccessRequestID
	// asked is when the person asked, as far as it was within a day before the last time.
	asked []time.Time
}

// requestWindow is for how long it counts that somebody has asked.
const requestWindow = 24 * time.Hour

// askedSince counts how often the person has asked within requestWindow before an instant.
func (a asker) askedSince(at time.Time) int {
	asked := 0
	for _, t := range a.asked {
		if at.Sub(t) < requestWindow {
			asked++
		}
	}
	return asked
}

// accessRequestOf returns the request that an event makes.
func accessRequestOf(e events.AccessRequested, origin events.Origin) AccessRequest {
	return AccessRequest{
		Member: e.Member, Project: e.Project, Role: e.Role, Elevation: e.Elevation, Reason: e.Reason, Until: e.Until, Expires: e.Expires, Asked: origin,
		For:          time.Duration(e.Minutes) * time.Minute,
		PersonalData: PersonalData{Login: e.Login, Name: e.Name, Email: e.Email, Address: e.Address},
	}
}

// askForAccess adds a request.
func (s *state) askForAccess(e events.AccessRequested, origin events.Origin) {
	r := accessRequestOf(e, origin)
	s.accessRequests = champ.Set(s.owner, s.accessRequests, e.Request, r)
	a, _ := s.askers.Get(e.Member)
	a.open = append(slices.Clip(a.open), e.Request)
	a.asked = append(slices.DeleteFunc(slices.Clone(a.asked), func(t time.Time) bool { return origin.At.Sub(t) >= requestWindow }), origin.At)
	s.askers = champ.Set(s.owner, s.askers, e.Member, a)
	if r.joins() {
		s.joinRequests++
	}
	if e.Project == "" {
		return
	}
	requested, open := champ.Update(s.owner, s.requested, e.Project)
	*open = champ.Set(s.owner, *open, e.Request, struct{}{})
	s.requested = requested
}

// closeAccessRequest says how a request ended, unless it is closed.
func (s *state) closeAccessRequest(id events.AccessRequestID, how ClosedAccessRequest) {
	r, is := s.accessRequests.Get(id)
	if !is || r.Closed != nil {
		return
	}
	r.Closed = &how
	s.accessRequests = champ.Set(s.owner, s.accessRequests, id, r)
	a, _ := s.askers.Get(r.Member)
	a.open = slices.DeleteFunc(slices.Clone(a.open), func(open events.AccessRequestID) bool { return open == id })
	s.askers = champ.Set(s.owner, s.askers, r.Member, a)
	if r.joins() {
		s.joinRequests--
	}
	if r.Project != "" {
		requested, open := champ.Update(s.owner, s.requested, r.Project)
		*open = champ.Delete(s.owner, *open, id)
		if open.Len() == 0 {
			requested = champ.Delete(s.owner, requested, r.Project)
		}
		s.requested = requested
	}
	s.closedRequests.add(s.owner, id)
	if !r.Elevation || how.Status != AccessGranted { // elevate comes next, and keeps it
		s.forgetClosedRequests()
	}
}

// keepRequestOf keeps the request for an elevation as long as the elevation lasts: it is ended by its request.
func (s *state) keepRequestOf(e *Elevation) {
	s.closedRequests.remove(s.owner, e.Request)
	s.forgetClosedRequests()
}

// releaseRequestOf undoes keepRequestOf when the elevation is over.
func (s *state) releaseRequestOf(e *Elevation) {
	if r := s.accessRequests.At(e.Request); r != nil && r.Closed != nil {
		s.closedRequests.add(s.owner, e.Request)
		s.forgetClosedRequests()
	}
}

// forgetClosedRequests forgets those that were closed first, as far as there are more than are kept.
func (s *state) forgetClosedRequests() {
	for id, more := s.closedRequests.surplus(); more; id, more = s.closedRequests.surplus() {
		r := s.accessRequests.At(id)
		a, _ := s.askers.Get(r.Member)
		a.asked = slices.DeleteFunc(slices.Clone(a.asked), func(at time.Time) bool { return !at.After(r.Asked.At) })
		if len(a.open)+len(a.asked) > 0 {
			s.askers = champ.Set(s.owner, s.askers, r.Member, a)
		} else {
			s.askers = champ.Delete(s.owner, s.askers, r.Member)
		}
		s.accessRequests = champ.Delete(s.owner, s.accessRequests, id)
		s.closedRequests.remove(s.owner, id)
		s.forgottenRequests = append(s.forgottenRequests, id)
	}
}

// voidAccessRequests closes the open requests of somebody that an event has settled: all, or those to join, or to a project.
func (s *state) voidAccessRequests(user events.UserID, origin events.Origin, settled func(*AccessRequest) bool) {
	a, _ := s.askers.Get(user)
	for _, id := range a.open {
		if settled(s.accessRequests.At(id)) {
			s.closeAccessRequest(id, ClosedAccessRequest{Status: AccessVoid, Origin: origin})
		}
	}
}

// voidAccessRequestsTo closes the open requests for access to a project that was deleted.
func (s *state) voidAccessRequestsTo(id events.ProjectID, origin events.Origin) {
	requested, _ := s.requested.Get(id)
	for _, request := range slices.Collect(requested.Keys()) {
		s.closeAccessRequest(request, ClosedAccessRequest{Status: AccessVoid, Origin: origin})
	}
}

// convertAccessRequests maps the roles of open requests.
func (s *state) convertAccessRequests(e events.SchemeChanged) {
	for _, user := range slices.Collect(s.askers.Keys()) {
		for _, id := range s.askers.At(user).open {
			r, _ := s.accessRequests.Get(id)
			roles := e.OrganizationRoles
			if r.Project != "" {
				roles = e.ProjectRoles
			}
			r.Role = mappedRole(roles, r.Role)
			s.accessRequests = champ.Set(s.owner, s.accessRequests, id, r)
		}
	}
}
