package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ChangeMemberEnd says when a membership ends.
type ChangeMemberEnd struct {
	Member events.UserID
	// Until is when it ends; the zero value means never.
	Until time.Time
	// TransferTo is who takes over projects on which a role must be held: only holders
	// without an end count. Empty is who gives the command.
	TransferTo events.UserID
}

// Decide lets those whom the scheme allows say when the membership of others ends: earlier
// for members whom they outrank, or whose role they may take, later as long as it is
// theirs to give. The last holder of a role of the organization that must be held has no
// end, unless the actor ranks higher.
func (c ChangeMemberEnd) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToStop(m.Actor, ChangingMemberEnd, c.Member)
	if err != nil {
		return nil, err
	}
	if err := validateTerm(member.pendingStart(org.at), c.Until, m); err != nil {
		return nil, err
	}
	if c.Until.Equal(member.Until()) {
		return nil, nil // already so
	}
	if err := refuseLaterEnd(m.Actor == c.Member, member.Until(), c.Until); err != nil {
		return nil, err
	}
	if isLater(member.Until(), c.Until, member.ended(org.at)) {
		if err := org.mayGive(m.Actor, member.Role, member.Levels()); err != nil {
			return nil, err
		}
	}
	if _, deactivated := member.Deactivated(); !deactivated && member.ended(org.at) {
		if err := org.requireSeat(); err != nil {
			return nil, err
		}
	}
	t, end := transfer{org, m, c.Member, c.TransferTo}, events.MemberEndChanged{Member: c.Member, From: member.Until(), To: c.Until}
	if c.Until.IsZero() {
		return t.before(end, nil)
	}
	return t.unlessLast(end, nil)
}

// isLater reports whether a new end gives more time than the one before it, which may have
// passed. The zero time is no end.
func isLater(from, to time.Time, passed bool) bool {
	return to.IsZero() || passed || !from.IsZero() && to.After(from)
}

// refuseLaterEnd fails if people would give themselves a later end.
func refuseLaterEnd(own bool, from, to time.Time) error {
	if own && !from.IsZero() && (to.IsZero() || to.After(from)) {
		return ErrMayNotAssign.Because("Nobody puts off their own end; ask somebody else.")
	}
	return nil
}
