package domain

import (
	"iter"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Boundary names a start, or an end: of a membership if Member alone is set, of a grant if Member and
// Project are, of an assignment if Team and Project are, the end of an invite if Invite is, that of a request
// for access if AccessRequest is, and that of an elevation if Elevation is, beside Member and perhaps Project.
type Boundary struct {
	// Start says that it is the start; otherwise it is the end.
	Start         bool
	Member        events.UserID
	Team          events.TeamID
	Project       events.ProjectID
	Invite        events.InviteID
	AccessRequest events.AccessRequestID
	// Elevation is the request for an elevation.
	Elevation events.AccessRequestID
}

// TimeOf returns when a boundary passes, or has passed, of which no event has recorded that it has. It
// reports whether there is such a boundary.
func (o Organization) TimeOf(b Boundary) (time.Time, bool) {
	if b.AccessRequest != "" {
		request := o.accessRequests.At(b.AccessRequest)
		if request == nil || b.Start || request.Closed != nil {
			return time.Time{}, false
		}
		return request.ends(), !request.ends().IsZero()
	}
	if b.Invite != "" {
		invite := o.findInvite(b.Invite)
		if invite == nil || b.Start || invite.expiryRecorded {
			return time.Time{}, false
		}
		return invite.ends(), !invite.ends().IsZero()
	}
	if b.Elevation != "" {
		if e := o.members.At(b.Member).elevation(b.Project); e != nil && e.Request == b.Elevation && !b.Start {
			return e.Until, true
		}
		return time.Time{}, false
	}
	t := o.termOf(b)
	if b.Start {
		return t.From(), t.from != 0 && !t.startRecorded
	}
	return t.Until(), t.until != 0 && !t.endRecorded
}

// termOf returns the term that a boundary belongs to; the zero value if there is none.
func (o Organization) termOf(b Boundary) term {
	if b.Team != "" {
		if project := o.projects.At(b.Project); project != nil {
			if a := project.findAssignment(b.Team); a != nil {
				return a.term
			}
		}
		return term{}
	}
	member := o.members.At(b.Member)
	switch {
	case member == nil:
		return term{}
	case b.Project == "":
		return member.term
	}
	if grant := member.findGrant(b.Project); grant != nil {
		return grant.term
	}
	return term{}
}

// Boundaries yields all starts and ends of which no event has recorded that they passed, in no particular
// order. It looks at everybody, and at every project.
func (o Organization) Boundaries() iter.Seq2[Boundary, time.Time] {
	return func(yield func(Boundary, time.Time) bool) {
		if !o.Exists() {
			return
		}
		found := func(b Boundary) bool {
			for _, b.Start = range []bool{true, false} {
				if at, is := o.TimeOf(b); is && !yield(b, at) {
					return false
				}
			}
			return true
		}
		for user, member := range o.members.All() {
			if !member.isAlways() && !found(Boundary{Member: user}) {
				return
			}
			for e := range member.allElevations() {
				if !found(Boundary{Member: user, Project: e.Project, Elevation: e.Request}) {
					return
				}
			}
			for grant := range member.grants.all() {
				if !grant.isAlways() && !found(Boundary{Member: user, Project: grant.Project}) {
					return
				}
			}
		}
		for id, project := range o.projects.All() {
			for a := range project.assignments.all() {
				if !a.isAlways() && !found(Boundary{Team: a.Team, Project: id}) {
					return
				}
			}
		}
		for id := range o.invites.Keys() {
			if !found(Boundary{Invite: id}) {
				return
			}
		}
		for _, asker := range o.askers.All() {
			for _, id := range asker.open {
				if !found(Boundary{AccessRequest: id}) {
					return
				}
			}
		}
	}
}

// NewBoundaries returns the boundaries that an event may set anew; nil for nearly all events. When they
// pass is in the state after the event.
func NewBoundaries(e events.Event) []Boundary {
	never := time.Time{}
	switch e := e.(type) { //nolint:gochecksumtype // all others set none
	case events.MemberJoined:
		return boundaries(Boundary{Member: e.Member}, e.From, e.Until)
	case events.MemberStartChanged:
		return boundaries(Boundary{Member: e.Member}, e.To, never)
	case events.MemberEndChanged:
		return boundaries(Boundary{Member: e.Member}, never, e.To)
	case events.ProjectMemberAdded:
		return boundaries(Boundary{Member: e.Member, Project: e.Project}, e.From, e.Until)
	case events.ProjectMemberStartChanged:
		return boundaries(Boundary{Member: e.Member, Project: e.Project}, e.To, never)
	case events.ProjectMemberEndChanged:
		return boundaries(Boundary{Member: e.Member, Project: e.Project}, never, e.To)
	case events.TeamAssigned:
		return boundaries(Boundary{Team: e.Team, Project: e.Project}, e.From, e.Until)
	case events.AssignmentStartChanged:
		return boundaries(Boundary{Team: e.Team, Project: e.Project}, e.To, never)
	case events.AssignmentEndChanged:
		return boundaries(Boundary{Team: e.Team, Project: e.Project}, never, e.To)
	case events.MemberInvited:
		return []Boundary{{Invite: e.Invite}}
	case events.InviteChanged:
		return []Boundary{{Invite: e.Invite}}
	case events.AccessRequested:
		return []Boundary{{AccessRequest: e.Request}}
	case events.Elevated:
		return []Boundary{{Member: e.Member, Project: e.Project, Elevation: e.Request}}
	case events.InviteResent:
		return []Boundary{{Invite: e.Invite}}
	}
	return nil
}

// boundaries returns the start and the end of something, as far as it has them.
func boundaries(of Boundary, from, until time.Time) (all []Boundary) {
	if !from.IsZero() {
		all = append(all, Boundary{Start: true, Member: of.Member, Team: of.Team, Project: of.Project})
	}
	if !until.IsZero() {
		all = append(all, of)
	}
	return all
}
