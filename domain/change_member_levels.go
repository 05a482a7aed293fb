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
}

// Decide lets those whom the scheme allows change the levels of members whose role
// carries some, with no more than they may give.
func (c ChangeMemberLevels) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToChange(m.Actor, ChangingMemberLevels, c.Member)
	if err != nil {
		return nil, err
	}
	if err := org.scheme.organization.validateOwnLevels(member.Role, c.To); err != nil {
		return nil, err
	}
	if maps.Equal(c.To, member.Levels()) {
		return nil, nil // already so
	}
	if err := org.mayGive(m.Actor, member.Role, c.To); err != nil {
		return nil, err
	}
	return []events.Event{events.MemberLevelsChanged{Member: c.Member, From: member.Levels(), To: c.To}}, nil
}
