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
}

// Decide lets those whom the scheme allows say when the membership of others ends,
// as long as it is theirs to give. The last holder of a role that must be held has
// no end.
func (c ChangeMemberEnd) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToChange(m.Actor, ChangingMemberEnd, c.Member)
	if err != nil {
		return nil, err
	}
	if err := validateEnd(c.Until, m); err != nil {
		return nil, err
	}
	if c.Until.Equal(member.Until()) {
		return nil, nil // already so
	}
	if err := refuseLaterEnd(m.Actor == c.Member, member.Until(), c.Until); err != nil {
		return nil, err
	}
	if err := org.mayGive(m.Actor, member.Role, member.Levels()); err != nil {
		return nil, err
	}
	if !c.Until.IsZero() {
		if err := org.checkLastHolder(c.Member); err != nil {
			return nil, err
		}
	}
	if _, deactivated := member.Deactivated(); !deactivated && org.ended(member.Until()) {
		if err := org.requireSeat(); err != nil {
			return nil, err
		}
	}
	return org.withHoldersKept(m, events.MemberEndChanged{Member: c.Member, From: member.Until(), To: c.Until})
}

// refuseLaterEnd fails if people would give themselves a later end.
func refuseLaterEnd(own bool, from, to time.Time) error {
	if own && !from.IsZero() && (to.IsZero() || to.After(from)) {
		return ErrMayNotAssign.because("Nobody puts off their own end; ask somebody else.")
	}
	return nil
}
