package domain

import "github.com/seed-2026d078/roster/events"

// RemoveProjectMember ends a direct grant; the membership of the organization, and
// access through teams, remain.
type RemoveProjectMember struct {
	Project events.ProjectID
	Member  events.UserID
}

// Decide lets people leave, and those whom the scheme allows remove members whose
// role they may take, as long as the project keeps its owners.
func (c RemoveProjectMember) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RemovingProjectMember, About{Project: c.Project, Member: c.Member}); err != nil {
		return nil, err
	}
	grant, err := org.directGrant(m.Actor, c.Project, c.Member)
	if err != nil {
		return nil, err
	}
	if c.Member != m.Actor {
		if err := org.mayHandOutOn(c.Project, m.Actor, grant.Role); err != nil {
			return nil, err
		}
	}
	return org.keepingHolders(m, events.ProjectMemberRemoved{Project: c.Project, Member: c.Member})
}
