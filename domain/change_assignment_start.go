package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ChangeAssignmentStart says when a team's assignment starts that has not started.
type ChangeAssignmentStart struct {
	Team    events.TeamID
	Project events.ProjectID
	// From is when it starts; the zero value, or a time that has passed, means at once.
	From time.Time
}

// Decide lets those whom the scheme allows to change ends say when an assignment starts, as long as it is
// theirs to give.
func (c ChangeAssignmentStart) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.projectToAssign(m.Actor, ChangingAssignmentEnd, c.Team, c.Project)
	if err != nil {
		return nil, byRule(err, startsAsEnds)
	}
	a, assigned := project.Assignment(c.Team)
	if !assigned {
		return nil, org.notAssigned(c.Team, c.Project)
	}
	if same, err := (startChange{a.term, c.From, false}).check(org, m); same || err != nil {
		return nil, err
	}
	if err := org.mayAssignTeam(m.Actor, c.Project, a.Role); err != nil {
		return nil, err
	}
	return append(org.clearOldOverridesInTeam(c.Team, c.Project),
		events.AssignmentStartChanged{Team: c.Team, Project: c.Project, From: a.From(), To: startOf(c.From, m)}), nil
}
