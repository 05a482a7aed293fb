package domain

import "github.com/seed-2026d078/roster/events"

// ChangeAssignment changes the role that a team's assignment gives.
type ChangeAssignment struct {
	Team    events.TeamID
	Project events.ProjectID
	To      events.RoleKey
}

// Decide lets those who may assign both roles change them, as long as the
// project keeps its owners.
func (c ChangeAssignment) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.projectToAssign(m.Actor, ChangingAssignment, c.Team, c.Project)
	if err != nil {
		return nil, err
	}
	if org.scheme.Teams.Confer == events.MembersDefault {
		return nil, ErrDefaultRoles
	}
	if err := org.scheme.project.validateRole(c.To); err != nil {
		return nil, err
	}
	a, assigned := project.Assignment(c.Team)
	if !assigned {
		return nil, org.notAssigned(c.Team, c.Project)
	}
	if a.Role == c.To {
		return nil, nil // already so
	}
	if err := org.mayTakeOn(c.Project, m.Actor, a.Role); err != nil {
		return nil, err
	}
	if err := org.mayAssignTeam(m.Actor, c.Project, c.To); err != nil {
		return nil, err
	}
	return org.withHoldersKept(m, events.AssignmentChanged{Team: c.Team, Project: c.Project, From: a.Role, To: c.To})
}
