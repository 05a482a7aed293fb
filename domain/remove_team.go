package domain

import "github.com/seed-2026d078/roster/events"

// RemoveTeam ends a team with its memberships and assignments.
type RemoveTeam struct{ Team events.TeamID }

// Decide lets those whom the scheme allows remove a team that has none below it, if they
// may take what its members have by it, as long as its projects keep their owners.
func (c RemoveTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, RemovingTeam, About{Team: c.Team})
	if err != nil {
		return nil, err
	}
	if !team.children.isEmpty() {
		return nil, ErrTeamHasChildren
	}
	if err := org.mayTakeThrough(org.Ancestors(c.Team), m.Actor, org.rolesHeldIn(c.Team, m.Actor)...); err != nil {
		return nil, err
	}
	return org.withHoldersKept(m, events.TeamRemoved{Team: c.Team})
}
