package domain

import "github.com/seed-2026d078/roster/events"

// UnassignTeam takes a team off a project; who is there by other sources stays.
type UnassignTeam struct {
	Team    events.TeamID
	Project events.ProjectID
}

// Decide lets those whom the scheme allows take a team off whose role they may
// take, as long as the project keeps its owners.
func (c UnassignTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.assignable(m.Actor, UnassigningTeam, c.Team, c.Project)
	if err != nil {
		return nil, err
	}
	a, assigned := project.Assignment(c.Team)
	if !assigned {
		return nil, ErrNotAssigned
	}
	if err := org.mayHandOutOn(c.Project, m.Actor, a.Role); err != nil {
		return nil, err
	}
	return org.keepingHolders(m, events.TeamUnassigned{Team: c.Team, Project: c.Project})
}
