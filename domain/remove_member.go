package domain

import "github.com/seed-2026d078/roster/events"

// RemoveMember ends a membership, and with it the person's teams, grants and overrides.
type RemoveMember struct {
	Member events.UserID
	// TransferTo is who takes over what must not be left behind: projects on which a role
	// must be held, and those that the person created where the scheme protects creators.
	// Empty is who gives the command.
	TransferTo events.UserID
}

// Decide lets people leave, and those whom the scheme allows remove members whom they
// outrank, or whose role they may take. The last holder of a role of the organization that
// must be held stays, unless the actor ranks higher. Whoever is in the way of several rules
// hears of all.
func (c RemoveMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToStop(m.Actor, RemovingMember, c.Member)
	if err != nil {
		return nil, err
	}
	t := transfer{org, m, c.Member, c.TransferTo}
	return t.unlessLast(events.MemberRemoved{Member: c.Member}, org.createdBy(member))
}
