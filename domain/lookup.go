package domain

import (
	"strings"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/champ"
)

// lookup finds an active member and a project. If there is no such member or project,
// both are nil, and the reason says why. It looks for both at once, which is faster.
func (o Organization) lookup(user events.UserID, id events.ProjectID) (*Member, *Project, Reason) {
	member, project := champ.AtBoth(o.members, user, o.projects, id)
	if member == nil || member.optional != nil || !o.counts(&member.term) {
		if reason := o.inactiveReason(user, member); reason != "" {
			return nil, nil, reason
		}
	}
	if project == nil {
		return nil, nil, NoSuchProject
	}
	return member, project, ""
}

// keptID returns a copy of an id to keep in the state. Copies of ids lie close together in memory, while the id of an
// event lies among all that was read with it. A check compares ids at random, and so reads less memory.
func keptID[T ~string](id T) T { return T(strings.Clone(string(id))) }

// inactiveReason says why somebody is not an active member; empty if they are one.
func (o Organization) inactiveReason(user events.UserID, member *Member) Reason {
	switch {
	case member == nil && o.hasPendingInvite(user):
		return Invited
	case member == nil:
		return NotMember
	case member.isDeactivated():
		return Deactivated
	case o.counts(&member.term):
		return ""
	case !member.started(o.at):
		return MembershipNotStarted
	}
	return MembershipEnded
}

// hasPendingInvite reports whether somebody can accept an invite that names them.
func (o Organization) hasPendingInvite(user events.UserID) bool {
	id := o.invitees.At(user)
	if id == nil {
		return false
	}
	status, _ := o.InviteStatus(*o.findInvite(*id))
	return status == InvitePending
}

// active returns somebody's membership if it gives access, otherwise nil.
func (o Organization) active(user events.UserID) *Member {
	member := o.members.At(user)
	if member == nil || o.inactiveReason(user, member) != "" {
		return nil
	}
	return member
}

// ended reports whether an end has passed at an instant. The zero time is no end, and is before
// every end.
func ended(until, at time.Time) bool {
	return !until.IsZero() && !at.IsZero() && !at.Before(until)
}

// isReadOnly reports whether a project, or the organization, is archived.
func (o Organization) isReadOnly(p *Project) bool { return o.archived || p.Archived }

// Reason says why there is no access. It is empty if there is access.
type Reason string

// The reasons for no access, in the order in which they are looked for.
const (
	NotMember            Reason = "not_a_member"
	Invited              Reason = "invited"
	Deactivated          Reason = "deactivated"
	MembershipNotStarted Reason = "membership_not_started"
	MembershipEnded      Reason = "membership_ended"
	NoSuchProject        Reason = "no_such_project"
	NotOnProject         Reason = "not_on_the_project"
)
