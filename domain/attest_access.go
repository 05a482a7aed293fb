package domain

import "github.com/seed-2026d078/roster/events"

// AttestAccess records that somebody has reviewed a member's access and found it right.
type AttestAccess struct {
	Member events.UserID
	// Project is the project that was reviewed; empty means all access of the member.
	Project events.ProjectID
}

// Decide lets those whom the scheme allows attest access, but not their own. Every
// review is recorded, also one that repeats another.
func (c AttestAccess) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, AttestingAccess, About{Member: c.Member, Project: c.Project}); err != nil {
		return nil, err
	}
	switch {
	case org.members.At(c.Member) == nil:
		return nil, NoMember(c.Member)
	case c.Member == m.Actor:
		return nil, ErrOwnAccess
	case c.Project != "" && org.roleOn(c.Member, c.Project) == "":
		return nil, notOnProject(c.Member)
	}
	return []events.Event{events.AccessAttested{Member: c.Member, Project: c.Project}}, nil
}
