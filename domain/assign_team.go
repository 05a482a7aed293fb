package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// AssignTeam gives everybody in a team a role on a project.
type AssignTeam struct {
	Team    events.TeamID
	Project events.ProjectID
	// Role on the project; empty takes the default, or each member's own where the
	// scheme confers that.
	Role events.RoleKey
	// From is when the assignment starts; the zero value, or a time that has passed, means at once.
	From time.Time
	// Until is when the assignment ends; the zero value means never.
	Until time.Time
}

// Decide lets those whom the scheme allows assign teams that they see, with no
// more than they may give on the project.
func (c AssignTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.projectToAssign(m.Actor, AssigningTeam, c.Team, c.Project)
	if err != nil {
		return nil, err
	}
	role, err := org.scheme.assignmentRoleOrDefault(c.Role)
	if err != nil {
		return nil, err
	}
	if err := org.mayAssignTeam(m.Actor, c.Project, role); err != nil {
		return nil, err
	}
	if err := validateTerm(c.From, c.Until, m); err != nil {
		return nil, err
	}
	from := startOf(c.From, m)
	if a, assigned := project.Assignment(c.Team); assigned && !a.ended(org.at) {
		if a.Role == role && a.pendingStart(org.at).Equal(from) && a.Until().Equal(c.Until) {
			return nil, nil // already so
		}
		if a.Role == "" {
			return nil, ErrAlreadyAssigned.Because("The team is on the project already, with another start or end; change that instead.")
		}
		return nil, ErrAlreadyAssigned.Because("The team is on the project already, as %q; change the assignment instead.", a.Role)
	}
	return append(org.clearOldOverridesInTeam(c.Team, c.Project), events.TeamAssigned{Team: c.Team, Project: c.Project, Role: role, From: from, Until: c.Until}), nil
}

// projectToAssign authorizes an action on the assignment of a team and returns the
// project.
func (o Organization) projectToAssign(actor events.UserID, action events.Action, team events.TeamID, id events.ProjectID) (*Project, error) {
	if err := o.Authorize(actor, action, About{Project: id, Team: team}); err != nil {
		return nil, err
	}
	if team == "" {
		return nil, NoTeam(actor, team)
	}
	return o.projects.At(id), nil
}

// assignmentRoleOrDefault returns the role that an assignment states: empty if the
// scheme gives each member their default.
func (s *Scheme) assignmentRoleOrDefault(key events.RoleKey) (events.RoleKey, error) {
	if s.Teams.Confer != events.MembersDefault {
		return s.project.orDefault(key)
	}
	if key != "" {
		return "", ErrDefaultRoles
	}
	return "", nil
}

// clearOldOverridesInTeam is clearOldOverrides for everybody who comes onto a project
// with a team.
func (o Organization) clearOldOverridesInTeam(team events.TeamID, id events.ProjectID) (happened []events.Event) {
	for user := range o.projects.At(id).overridden.values() {
		if o.spend(stepsToVisit) && o.inTeam(team, user) {
			happened = append(happened, o.clearOldOverrides(id, user)...)
		}
	}
	return happened
}

// inTeam reports whether somebody is in a team, or in one that inherits from it.
func (o Organization) inTeam(id events.TeamID, user events.UserID) bool {
	for _, team := range o.Descendants(id) {
		if team.members.At(user) != nil {
			return true
		}
	}
	return false
}
