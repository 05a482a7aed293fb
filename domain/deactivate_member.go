package domain

import "github.com/seed-2026d078/roster/events"

// DeactivateMember takes all access from a member until they are reactivated. Their roles,
// grants and teams stay.
type DeactivateMember struct{ Member events.UserID }

// Decide lets those whom the scheme allows deactivate members whom they outrank, or whose
// role they may take. The last holder of a role of the organization that must be held
// stays, unless the actor ranks higher. A project may be left without an active holder of
// a role that must be held: [TakeOverProject] ends that.
func (c DeactivateMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToStop(m.Actor, DeactivatingMember, c.Member)
	if err != nil {
		return nil, err
	}
	if _, already := member.Deactivated(); already {
		return nil, nil // already so
	}
	if err := org.checkLastHolderBelow(m.Actor, c.Member); err != nil {
		return nil, err
	}
	return []events.Event{events.MemberDeactivated{Member: c.Member}}, nil
}

// ReactivateMember gives a deactivated member access again, by the same roles, grants and
// teams.
type ReactivateMember struct{ Member events.UserID }

// Decide lets those whom the scheme allows bring members back whose role they may
// give, where a seat is free.
func (c ReactivateMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	member, err := org.memberToChange(m.Actor, ReactivatingMember, c.Member)
	if err != nil {
		return nil, err
	}
	if _, deactivated := member.Deactivated(); !deactivated {
		return nil, nil // already so
	}
	if err := org.mayGive(m.Actor, member.Role, member.Levels()); err != nil {
		return nil, err
	}
	if !member.ended(org.at) {
		if err := org.requireSeat(); err != nil {
			return nil, err
		}
	}
	return []events.Event{events.MemberReactivated{Member: c.Member}}, nil
}
