package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Loss is what somebody loses on a project, or in the organization, when something ends: a role, or permissions.
type Loss struct {
	// At is when.
	At time.Time
	// Role is the one that they have until then.
	Role events.RoleKey
	// Left is the role that they have from then on, empty for none. It is Role if permissions alone are lost, such as by levels of their own.
	Left events.RoleKey
}

// ComingLoss returns what somebody loses on a project, or in the organization if project is empty, because something of theirs ends at an instant.
// It is lost later than that if something else gives as much until then, such as the assignment of a team. It reports whether they lose anything: not if
// something gives as much that does not end, or ends with their membership alone, whose end is another one. Elevations are left out.
func (o Organization) ComingLoss(user events.UserID, project events.ProjectID, end time.Time) (Loss, bool) {
	o = o.withoutElevationsOf(user)
	before := o.At(end.Add(-time.Microsecond))
	for at := end; !at.IsZero(); at = o.At(at).nextEnd(user, project) {
		if loss, is := o.loss(before, user, project, at); is {
			return loss, true
		}
	}
	return Loss{}, false
}

// lossAt returns what somebody loses at an instant; it reports whether they lose anything.
func (o Organization) lossAt(user events.UserID, project events.ProjectID, at time.Time) (Loss, bool) {
	return o.loss(o.At(at.Add(-time.Microsecond)), user, project, at)
}

// loss returns what somebody had before and does not have at an instant.
func (o Organization) loss(before Organization, user events.UserID, project events.ProjectID, at time.Time) (Loss, bool) {
	role, had := before.rightsIn(user, project)
	if role == "" {
		return Loss{}, false
	}
	left, has := o.At(at).rightsIn(user, project)
	_, roles := o.elevationRules(project)
	_, less := roles.exceeds(had, has)
	lower := left != role && roles.rank(left) <= roles.rank(role)
	return Loss{at, role, left}, lower || less
}

// rightsIn returns the role and the levels of an active member on a project, or in the organization if project is empty, as if nothing were archived.
func (o Organization) rightsIn(user events.UserID, project events.ProjectID) (events.RoleKey, []level) {
	if project != "" {
		return o.rightsOn(user, project)
	}
	if member := o.active(user); member != nil {
		return o.heldRole(member), o.levels(member)
	}
	return "", nil
}

// nextEnd returns when the first of somebody's sources of access to a project ends; the zero time if none does before their membership.
func (o Organization) nextEnd(user events.UserID, id events.ProjectID) time.Time {
	member, project, reason := o.lookup(user, id)
	if reason != "" {
		return time.Time{}
	}
	var next instant
	for ref := range o.sourceRefs(member, project) {
		if until := ref.until(); until != 0 && (next == 0 || until < next) {
			next = until
		}
	}
	if member.until != 0 && member.until <= next {
		return time.Time{}
	}
	return next.time()
}
