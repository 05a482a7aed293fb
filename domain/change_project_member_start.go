package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ChangeProjectMemberStart says when a direct grant starts that has not started.
type ChangeProjectMemberStart struct {
	Project events.ProjectID
	Member  events.UserID
	// From is when it starts; the zero value, or a time that has passed, means at once.
	From time.Time
}

// Decide lets those whom the scheme allows to change ends say when a grant starts: later if it is theirs
// to take, earlier if it is theirs to give.
func (c ChangeProjectMemberStart) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	grant, err := org.grantToChange(m.Actor, ChangingProjectMemberEnd, c.Project, c.Member)
	if err != nil {
		return nil, byRule(err, startsAsEnds)
	}
	start := startChange{grant.term, c.From, m.Actor == c.Member}
	if same, err := start.check(org, m); same || err != nil {
		return nil, err
	}
	if start.isEarlier(m) {
		if err := org.mayGrant(c.Project, m.Actor, c.Member, grant.Role, grant.Levels(), nil); err != nil {
			return nil, err
		}
	}
	return append(org.clearOldOverrides(c.Project, c.Member),
		events.ProjectMemberStartChanged{Project: c.Project, Member: c.Member, From: grant.From(), To: startOf(c.From, m)}), nil
}
