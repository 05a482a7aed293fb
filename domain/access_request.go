package domain

import (
	"cmp"
	"iter"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
)

// AccessRequest is what somebody asks for: to join the organization, a role on a project, or a higher role for a time. The
// value is never changed, only replaced.
type AccessRequest struct {
	Member events.UserID
	// Project is empty if it asks to join the organization, or for a higher role there.
	Project events.ProjectID
	Role    events.RoleKey
	// Elevation says that it asks for a higher role for a time.
	Elevation bool
	Reason    events.Sealed
	// Until is when what it asks for ends; the zero value means never, or after For.
	Until time.Time
	// For is how long an elevation is to last from its approval on; 0 if Until says when it ends.
	For time.Duration
	// Expires is when nobody can approve it any more; the zero value means never.
	Expires time.Time
	// PersonalData is what is known of somebody who was no member.
	PersonalData
	// Asked is when it was made, and by whom: the person, or the system for them.
	Asked events.Origin
	// Closed is how it ended; nil while it is open.
	Closed *ClosedAccessRequest
}

// ClosedAccessRequest is how a request for access ended.
type ClosedAccessRequest struct {
	Status AccessRequestStatus
	// Role and Until are what was granted; empty if nothing was.
	Role  events.RoleKey
	Until time.Time
	// Reason is why it was denied.
	Reason events.Sealed
	// Origin is when, and by whom.
	events.Origin
}

// AccessRequestStatus says whether a request for access can be approved, or how it ended.
type AccessRequestStatus string

const (
	// AccessPending means that nobody has decided yet.
	AccessPending AccessRequestStatus = "pending"
	// AccessGranted means that somebody approved it.
	AccessGranted AccessRequestStatus = "approved"
	// AccessRefused means that somebody denied it.
	AccessRefused AccessRequestStatus = "denied"
	// AccessWithdrawn means that whoever made it took it back.
	AccessWithdrawn AccessRequestStatus = "withdrawn"
	// AccessExpired means that nobody decided in time.
	AccessExpired AccessRequestStatus = "expired"
	// AccessVoid means that there is nothing to decide on any more: the project was deleted, the person left or was erased, or
	// has got access in another way.
	AccessVoid AccessRequestStatus = "void"
)

// Texts yields every encrypted text of the request that is known.
func (r AccessRequest) Texts() iter.Seq[events.Sealed] {
	return func(yield func(events.Sealed) bool) {
		for text := range r.PersonalData.Texts() {
			if !yield(text) {
				return
			}
		}
		if r.Reason != "" && !yield(r.Reason) {
			return
		}
		if r.Closed != nil && r.Closed.Reason != "" {
			yield(r.Closed.Reason)
		}
	}
}

// joins reports whether it asks to join the organization.
func (r *AccessRequest) joins() bool { return r.Project == "" && !r.Elevation }

// ends returns when nobody can approve the request any more; the zero value means never.
func (r *AccessRequest) ends() time.Time {
	if r.Expires.IsZero() || !r.Until.IsZero() && r.Until.Before(r.Expires) {
		return r.Until
	}
	return r.Expires
}

// AccessRequestStatus says whether a request can be approved at the organization's instant, or how it ended.
func (o Organization) AccessRequestStatus(r AccessRequest) AccessRequestStatus {
	switch {
	case r.Closed != nil:
		return r.Closed.Status
	case ended(r.ends(), o.at):
		return AccessExpired
	}
	return AccessPending
}

// AccessRequest returns a request for access, and whether the state knows it, see [Organization.AccessRequests].
func (o Organization) AccessRequest(id events.AccessRequestID) (AccessRequest, bool) {
	return o.accessRequests.Get(id)
}

// AccessRequests yields the requests for access that are open, and the closed ones that the state keeps, in no particular order. It keeps 10,000 that were
// closed last, and those of elevations that last.
func (o Organization) AccessRequests() iter.Seq2[events.AccessRequestID, AccessRequest] {
	return o.accessRequests.All()
}

// ForgottenAccessRequests yields the requests that the state knew before the last event, and does not know any more since others were closed after them.
func (o Organization) ForgottenAccessRequests() iter.Seq[events.AccessRequestID] {
	return slices.Values(o.forgottenRequests)
}

// OpenAccessRequests lists the requests of somebody that are not closed, those made first first.
func (o Organization) OpenAccessRequests(user events.UserID) []events.AccessRequestID {
	asker, _ := o.askers.Get(user)
	return asker.open
}

// OpenAccessRequestsTo yields the requests for access to a project that are not closed, in no particular order.
func (o Organization) OpenAccessRequestsTo(id events.ProjectID) iter.Seq[events.AccessRequestID] {
	requested, _ := o.requested.Get(id)
	return requested.Keys()
}

// AccessRequestChoice returns which requests the organization takes by its own choice.
func (o Organization) AccessRequestChoice() events.AccessRequestChoice { return o.requestChoice }

// TakesJoinRequests reports whether people who are not in the organization can ask to join it, and so may know that it is there.
func (o Organization) TakesJoinRequests() bool {
	return o.Exists() && takes(o.scheme.AccessRequests.Join, o.requestChoice.Join)
}

// TakesProjectRequests reports whether members can ask for access to projects that they see.
func (o Organization) TakesProjectRequests() bool {
	return o.Exists() && takes(o.scheme.AccessRequests.Projects, o.requestChoice.Projects)
}

// takes reports whether requests are taken, by the scheme and by the organization's own choice.
func takes(scheme, own events.Intake) bool {
	return scheme != "" && cmp.Or(own, scheme) == events.OpenIntake
}

// MayDecideOn reports whether an actor may decide on a request: deny it, or approve it with a role that they may give. Those
// may who can add people there, or invite them, but for whoever made it.
func (o Organization) MayDecideOn(actor events.UserID, r AccessRequest) bool {
	switch {
	case !o.Sees(actor), actor != events.System && actor == r.Member:
		return false
	case r.Elevation:
		return o.mayElevate(actor, r.Member, r.Project, r.Role) == nil
	case r.Project != "":
		return o.SeesProject(actor, r.Project) && o.allows(actor, AddingProjectMember, About{Project: r.Project, Member: r.Member})
	}
	return o.allows(actor, AddingMember, About{}) || o.allows(actor, InvitingMember, About{})
}

// SeesAccessRequest reports whether an actor may know of a request: whoever made it may, and those who may decide on it.
func (o Organization) SeesAccessRequest(actor events.UserID, r AccessRequest) bool {
	return o.Exists() && actor == r.Member || o.MayDecideOn(actor, r)
}

// pendingAccessRequest returns an open request that the actor may know of. It fails if it is closed, or if its time has passed.
func (o Organization) pendingAccessRequest(actor events.UserID, id events.AccessRequestID) (*AccessRequest, error) {
	r := o.accessRequests.At(id)
	switch {
	case r == nil && !o.Sees(actor), r != nil && actor != r.Member && !o.Sees(actor):
		return nil, ErrNoOrganization
	case r == nil || !o.SeesAccessRequest(actor, *r):
		return nil, ErrNoAccessRequest.Because("There is no request for access %q, or you may not decide on it. On a request those decide who may add people there, or invite them to the organization; on one for a higher role for a time, who could give that role for good.", id)
	}
	switch status := o.AccessRequestStatus(*r); status {
	case AccessPending:
		return r, nil
	case AccessVoid:
		return nil, ErrAccessRequestClosed.Because("There is nothing to decide on any more: the project was deleted, the person has left, or has got access in another way.")
	default:
		return nil, ErrAccessRequestClosed.Because("The request is %s already; ask again if access is needed.", status)
	}
}
