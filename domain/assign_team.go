package domain

import "github.com/seed-2026d078/roster/events"

// AssignTeam gives everybody in a team a role on a project.
type AssignTeam struct {
	Team    events.TeamID
	Project events.ProjectID
	// Role on the project; empty takes the default.
	Role events.RoleKey
}

// Decide lets those whom the scheme allows assign teams that they see, with no
// more than they may hand out on the project.
func (c AssignTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.assignable(m.Actor, AssigningTeam, c.Team, c.Project)
	if err != nil {
		return nil, err
	}
	role, err := org.scheme.project.pick(c.Role)
	if err != nil {
		return nil, err
	}
	if err := org.mayHandOutOn(c.Project, m.Actor, role); err != nil {
		return nil, err
	}
	if a, assigned := project.Assignment(c.Team); assigned {
		if a.Role == role {
			return nil, nil // already so
		}
		return nil, ErrAlreadyAssigned.because("The team is on the project already, as %q; change the assignment instead.", a.Role)
	}
	return []events.Event{events.TeamAssigned{Team: c.Team, Project: c.Project, Role: role}}, nil
}

// assignable returns the project of an authorized action on a team's assignment.
func (o Organization) assignable(actor events.UserID, action events.Action, team events.TeamID, id events.ProjectID) (*Project, error) {
	if err := o.Authorize(actor, action, About{Project: id, Team: team}); err != nil {
		return nil, err
	}
	return o.projects.At(id), nil
}
