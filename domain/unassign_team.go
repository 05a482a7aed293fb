package domain

import "github.com/seed-2026d078/roster/events"

// UnassignTeam takes a team off a project. Its members keep access that they have by other
// sources.
type UnassignTeam struct {
	Team    events.TeamID
	Project events.ProjectID
}

// Decide lets those whom the scheme allows take a team off whose role they may
// take, as long as the project keeps its owners.
func (c UnassignTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.projectToAssign(m.Actor, UnassigningTeam, c.Team, c.Project)
	if err != nil {
		return nil, err
	}
	a, assigned := project.Assignment(c.Team)
	if !assigned {
		return nil, org.notAssigned(c.Team, c.Project)
	}
	if err := org.mayTakeOn(c.Project, m.Actor, org.rolesGivenBy(a)...); err != nil {
		return nil, err
	}
	return org.withHoldersKept(m, events.TeamUnassigned{Team: c.Team, Project: c.Project})
}

// rolesGivenBy lists the roles that an assignment gives: the one that it states, or
// else the default project roles of those whom it reaches.
func (o Organization) rolesGivenBy(a Assignment) []events.RoleKey {
	if a.Role != "" {
		return []events.RoleKey{a.Role}
	}
	return o.scheme.assignmentRoles(a, o.rolesHeldIn(a.Team, ""))
}
