package domain

import "github.com/seed-2026d078/roster/events"

// notInOrganization refuses to put somebody on a project or into a team who is no member.
func notInOrganization(id events.UserID) error {
	return ErrNotInOrganization.Because("%q is not in the organization; invite them to the organization first.", id)
}

// notOnProject refuses what is about somebody's membership of a project that they are not on.
func notOnProject(user events.UserID) error {
	return ErrNotOnProject.Because("%q is not on the project; add them to the project first.", user)
}

// notInTeam refuses what is about somebody's membership of a team that they are not in.
func (o Organization) notInTeam(user events.UserID, team events.TeamID) error {
	return ErrNotInTeam.Because("%q is not in team %q; add them to the team first.", user, o.teamName(team))
}

// notAssigned refuses what is about an assignment that is not there.
func (o Organization) notAssigned(team events.TeamID, project events.ProjectID) error {
	return ErrNotAssigned.Because("Team %q is not assigned to project %q; assign it first.", o.teamName(team), project)
}
