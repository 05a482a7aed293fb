package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// Assignment is a role given to a team on one project.
type Assignment struct {
	Team events.TeamID
	// Role is empty where the scheme gives each member their default.
	Role events.RoleKey
	// Until is when the assignment ends; the zero value means never.
	Until time.Time
	// endRecorded says that an event has recorded that Until passed.
	endRecorded bool
	// Origin is the event that gave the present role.
	events.Origin

	// joined is the event that put the team on the project; nil if the role has not changed
	// since.
	joined *events.Origin
}

// ended reports whether the assignment's end has passed at an instant.
func (a *Assignment) ended(at time.Time) bool { return a.endRecorded || ended(a.Until, at) }

// Joined returns the event that put the team on the project, whatever the role was then.
func (a Assignment) Joined() events.Origin {
	if a.joined == nil {
		return a.Origin
	}
	return *a.joined
}
