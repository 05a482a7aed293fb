package domain

import "github.com/seed-2026d078/roster/events"

// RemoveMember ends a membership, and with it the person's teams, grants and overrides.
type RemoveMember struct{ Member events.UserID }

// Decide lets people leave, and those whom the scheme allows remove members whose
// role they may take. The last holder of a role that must be held stays, in the
// organization and on its projects.
func (c RemoveMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if _, err := org.memberToChange(m.Actor, RemovingMember, c.Member); err != nil {
		return nil, err
	}
	if err := org.checkLastHolder(c.Member); err != nil {
		return nil, err
	}
	return org.withHoldersKept(m, events.MemberRemoved{Member: c.Member})
}
