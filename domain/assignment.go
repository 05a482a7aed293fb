package domain

import (
	"cmp"
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

// inheritedAssignment is an assignment as it reaches the members of one team: the team
// assigned, or a team below it. A project keeps one for each such team, so that finding
// somebody's sources needs no walk up the teams. Changing an assignment so writes a few
// teams, never their many members.
type inheritedAssignment struct {
	via events.TeamID
	Assignment
}

// compareInherited orders by via, then by team.
func compareInherited(a, b inheritedAssignment) int {
	if order := cmp.Compare(a.via, b.via); order != 0 {
		return order
	}
	return cmp.Compare(a.Team, b.Team)
}
