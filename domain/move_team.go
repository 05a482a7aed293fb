package domain

import "github.com/seed-2026d078/roster/events"

// MoveTeam puts a team with all below it under another parent.
type MoveTeam struct {
	Team events.TeamID
	// To is the new parent; empty is the top level.
	To events.TeamID
}

// Decide lets those whom the scheme allows move a team to where it does not stand
// below itself, and where it inherits no more than the actor may give.
func (c MoveTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, MovingTeam, About{Team: c.Team})
	if err != nil {
		return nil, err
	}
	if team.Parent == c.To {
		return nil, nil // already so
	}
	if err := org.validateParent(m.Actor, c.To); err != nil {
		return nil, err
	}
	if c.To != "" && org.isBelow(c.To, c.Team) {
		return nil, ErrTeamCycle
	}
	if err := org.mayConfer(c.To, m.Actor, ""); err != nil {
		return nil, err
	}
	var happened []events.Event
	for _, project := range org.projectsThroughTeam(c.To) {
		happened = append(happened, org.clearOldOverridesInTeam(c.Team, project)...)
	}
	return org.withHoldersKept(m, append(happened, events.TeamMoved{Team: c.Team, From: team.Parent, To: c.To})...)
}
