package domain

import "github.com/seed-2026d078/roster/events"

// Assignment is a role given to a team on one project.
type Assignment struct {
	Team events.TeamID
	// Role is empty where the scheme gives each member their default.
	Role events.RoleKey
	term
	// Origin is the event that gave the present role.
	events.Origin

	// joined is the event that put the team on the project; nil if the role has not changed
	// since.
	joined *events.Origin
}

// Joined returns the event that put the team on the project, whatever the role was then.
func (a Assignment) Joined() events.Origin {
	if a.joined == nil {
		return a.Origin
	}
	return *a.joined
}

// InEffect reports whether an assignment gives access: it has started, and has not ended.
func (o Organization) InEffect(a Assignment) bool { return o.counts(&a.term) }
