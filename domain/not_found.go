package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// NoProject refuses what is about a project that is not there, or that the actor does not
// see. It names the project, so that it can be found among the items of a bulk.
func NoProject(actor events.UserID, id events.ProjectID) error {
	if actor == events.System {
		return ErrNoProject.Because("There is no project %q.", id)
	}
	return ErrNoProject.Because("There is no project %q, or you are not on it.", id)
}

// NoTeam is [NoProject] for a team.
func NoTeam(actor events.UserID, id events.TeamID) error {
	if actor == events.System {
		return ErrNoTeam.Because("There is no team %q.", id)
	}
	return ErrNoTeam.Because("There is no team %q, or you may not see it.", id)
}

// NoOrganizationAt refuses a question about a time when an organization was not there.
func NoOrganizationAt(at time.Time) error {
	return ErrNoOrganization.Because("The organization was not there at %s; state a time after it was created.", at.UTC().Format(time.RFC3339))
}

// NoMember refuses what is about somebody who is not in the organization.
func NoMember(id events.UserID) error {
	return ErrNoMember.Because("There is no member %q in the organization.", id)
}
