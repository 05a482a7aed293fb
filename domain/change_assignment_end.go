package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ChangeAssignmentEnd says when a team's assignment ends.
type ChangeAssignmentEnd struct {
	Team    events.TeamID
	Project events.ProjectID
	// Until is when it ends; the zero value means never.
	Until time.Time
}

// Decide lets those whom the scheme allows say when an assignment ends, as long as it
// is theirs to give, and the project keeps its owners.
func (c ChangeAssignmentEnd) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.projectToAssign(m.Actor, ChangingAssignmentEnd, c.Team, c.Project)
	if err != nil {
		return nil, err
	}
	a, assigned := project.Assignment(c.Team)
	if err := validateTerm(a.pendingStart(org.at), c.Until, m); err != nil {
		return nil, err
	}
	switch {
	case !assigned:
		return nil, org.notAssigned(c.Team, c.Project)
	case c.Until.Equal(a.Until()):
		return nil, nil // already so
	}
	if err := org.mayAssignTeam(m.Actor, c.Project, a.Role); err != nil {
		return nil, err
	}
	return org.withHoldersKept(m, append(org.clearOldOverridesInTeam(c.Team, c.Project), events.AssignmentEndChanged{Team: c.Team, Project: c.Project, From: a.Until(), To: c.Until})...)
}
