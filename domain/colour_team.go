package domain

import "github.com/seed-2026d078/roster/events"

// ColourTeam changes the colour of a team's icon.
type ColourTeam struct {
	Team events.TeamID
	To   events.Colour
}

// Decide lets those whom the scheme allows colour a team.
func (c ColourTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, ColouringTeam, About{Team: c.Team})
	if err != nil {
		return nil, err
	}
	if err := validateColour(c.To); err != nil {
		return nil, err
	}
	if c.To == team.Colour {
		return nil, nil // already so
	}
	return []events.Event{events.TeamColoured{Team: c.Team, From: team.Colour, To: c.To}}, nil
}
