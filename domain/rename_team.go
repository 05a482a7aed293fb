package domain

import "github.com/seed-2026d078/roster/events"

// RenameTeam changes a team's name, nothing else.
type RenameTeam struct {
	Team events.TeamID
	To   string
}

// Decide lets those whom the scheme allows give a team a name that is free.
func (c RenameTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, RenamingTeam, About{Team: c.Team})
	if err != nil {
		return nil, err
	}
	if team.Name == c.To {
		return nil, nil // already so
	}
	if err := org.requireFreeTeamName(c.Team, c.To); err != nil {
		return nil, err
	}
	return []events.Event{events.TeamRenamed{Team: c.Team, From: team.Name, To: c.To}}, nil
}

// teamToChange authorizes an action on a team and returns the team.
func (o Organization) teamToChange(actor events.UserID, action events.Action, about About) (*Team, error) {
	if err := o.Authorize(actor, action, about); err != nil {
		return nil, err
	}
	return o.teams.At(about.Team), nil
}
