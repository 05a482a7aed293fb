package domain

import "github.com/seed-2026d078/roster/events"

// DecideWithin decides a command with another limit than [MaxSteps].
func DecideWithin(limit int, o Organization, c Command, m events.Moment) ([]events.Event, error) {
	return o.decide(c, m, newBudget(c, m, limit, nil))
}

// CountSteps decides a command within [MaxSteps], and returns how many steps it cost.
func CountSteps(o Organization, c Command, m events.Moment) ([]events.Event, int, error) {
	b := newBudget(c, m, MaxSteps, nil)
	happened, err := o.decide(c, m, b)
	return happened, b.steps, err
}

// HandsOver reports whether a transient state would take over the state that its last decision has built, for an entry.
func HandsOver(r Roster, e events.Entry) bool {
	_, done := r.takeOver(&e)
	return done
}

// MaxEnded is how many invites, and requests for access, that ended are kept.
const MaxEnded = maxEnded

// EndedInvites and ClosedRequests list what may be forgotten, what ended first before the others.
func EndedInvites(o Organization) []events.InviteID { return o.endedInvites.list() }

// ClosedRequests is EndedInvites for requests for access.
func ClosedRequests(o Organization) []events.AccessRequestID { return o.closedRequests.list() }

func (o *endOrder[ID]) list() (ids []ID) {
	for e := range o.ids.all() {
		ids = append(ids, e.id)
	}
	return ids
}

// Askers returns how many people are remembered for having asked for access.
func Askers(o Organization) int { return o.askers.Len() }

// CountRequests returns how many requests for access are known.
func CountRequests(o Organization) int { return o.accessRequests.Len() }

// Tokens returns how many secrets of invites find one.
func Tokens(r Roster) int { return r.invites.Len() }

// InviteToken returns the hash of the secret of an invite.
func InviteToken(o Organization, id events.InviteID) events.Hash {
	if closed := o.closed.At(id); closed != nil {
		return closed.token
	}
	return o.findInvite(id).token
}
