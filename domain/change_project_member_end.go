package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ChangeProjectMemberEnd says when a direct grant ends.
type ChangeProjectMemberEnd struct {
	Project events.ProjectID
	Member  events.UserID
	// Until is when it ends; the zero value means never.
	Until time.Time
}

// Decide lets those whom the scheme allows say when a grant ends: earlier if it is theirs to
// take, later if it is theirs to give, and as long as the project keeps its owners.
func (c ChangeProjectMemberEnd) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	grant, err := org.grantToChange(m.Actor, ChangingProjectMemberEnd, c.Project, c.Member)
	if err != nil {
		return nil, err
	}
	if err := validateTerm(grant.pendingStart(org.at), c.Until, m); err != nil {
		return nil, err
	}
	if c.Until.Equal(grant.Until()) {
		return nil, nil // already so
	}
	if err := refuseLaterEnd(m.Actor == c.Member, grant.Until(), c.Until); err != nil {
		return nil, err
	}
	if isLater(grant.Until(), c.Until, grant.ended(org.at)) {
		if err := org.mayGrant(c.Project, m.Actor, c.Member, grant.Role, grant.Levels(), nil); err != nil {
			return nil, err
		}
	}
	return org.withHoldersKept(m, append(org.clearOldOverrides(c.Project, c.Member), events.ProjectMemberEndChanged{Project: c.Project, Member: c.Member, From: grant.Until(), To: c.Until})...)
}
