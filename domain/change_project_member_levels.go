package domain

import (
	"maps"

	"github.com/seed-2026d078/roster/events"
)

// ChangeProjectMemberLevels gives a project member other levels of their own there.
type ChangeProjectMemberLevels struct {
	Project events.ProjectID
	Member  events.UserID
	// To are the levels; what is not listed is at its lowest. None at all leave the
	// member with those of the role.
	To events.Levels
	// Merge changes only the levels that are listed.
	Merge bool
}

// Decide lets those whom the scheme allows change the levels of others on the project
// whose role carries some, with no more than they may give there.
func (c ChangeProjectMemberLevels) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	grant, err := org.grantToChange(m.Actor, ChangingProjectMemberLevels, c.Project, c.Member)
	if err != nil {
		return nil, err
	}
	if err := org.scheme.project.validateOwnLevels(grant.Role, c.To); err != nil {
		return nil, err
	}
	if m.Actor == c.Member {
		return nil, errOwnLevels
	}
	to := c.To
	if c.Merge {
		to = org.scheme.project.find(grant.Role).mergeOwn(grant.Levels(), c.To)
	}
	if maps.Equal(to, grant.Levels()) {
		return nil, nil // already so
	}
	if err := org.mayGrant(c.Project, m.Actor, c.Member, grant.Role, to, org.scheme.grantLevels(grant)); err != nil {
		return nil, err
	}
	return []events.Event{events.ProjectLevelsChanged{Project: c.Project, Member: c.Member, From: grant.Levels(), To: to}}, nil
}
