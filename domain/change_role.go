package domain

import "github.com/seed-2026d078/roster/events"

// ChangeRole asks that a member of the organization hold another role.
type ChangeRole struct {
	Member events.UserID
	To     events.RoleKey
}

// Decide lets those who may hand out both roles change them, as long as the
// organization keeps its owners.
func (c ChangeRole) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, ChangingRole, About{Member: c.Member}); err != nil {
		return nil, err
	}
	member := org.members.At(c.Member)
	if member == nil {
		return nil, ErrNoMember
	}
	if err := org.scheme.organization.knows(c.To); err != nil {
		return nil, err
	}
	if err := org.mayHandOut(m.Actor, member.Role, c.To); err != nil {
		return nil, err
	}
	if member.Role == c.To {
		return nil, nil // already so
	}
	if err := org.keepsHolders(c.Member); err != nil {
		return nil, err
	}
	return org.keepingHolders(m, events.RoleChanged{Member: c.Member, From: member.Role, To: c.To})
}
