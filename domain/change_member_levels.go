package domain

import (
	"maps"

	"github.com/seed-2026d078/roster/events"
)

// ChangeMemberLevels gives a member other levels of their own in the organization.
type ChangeMemberLevels struct {
	Member events.UserID
	// To are the levels; what is not listed is at its lowest. None at all leave the
	// member with those of the role.
	To events.Levels
	// Merge changes only the levels that are listed.
	Merge bool
}

// Decide lets those whom the scheme allows change the levels of others whose role
// carries some, with no more than they may give.
func (c ChangeMemberLevels) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToChange(m.Actor, ChangingMemberLevels, c.Member)
	if err != nil {
		return nil, err
	}
	if err := org.scheme.organization.validateOwnLevels(member.Role, c.To); err != nil {
		return nil, err
	}
	if m.Actor == c.Member {
		return nil, errOwnLevels
	}
	to := c.To
	if c.Merge {
		to = org.scheme.organization.find(member.Role).mergeOwn(member.Levels(), c.To)
	}
	if maps.Equal(to, member.Levels()) {
		return nil, nil // already so
	}
	if err := org.mayGiveLevels(m.Actor, member, to); err != nil {
		return nil, err
	}
	return []events.Event{events.MemberLevelsChanged{Member: c.Member, From: member.Levels(), To: to}}, nil
}

// errOwnLevels refuses people who would change levels of their own, also to lower ones: who
// manages people must not come by more by it.
var errOwnLevels = ErrMayNotAssign.Because("Nobody changes their own levels; ask somebody else.")
