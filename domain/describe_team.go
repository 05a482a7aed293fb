package domain

import "github.com/seed-2026d078/roster/events"

// DescribeTeam changes how a team presents itself; what is nil stays.
type DescribeTeam struct {
	Team        events.TeamID
	Description *string
	Privacy     *events.Privacy
}

// Decide lets those whom the scheme allows describe a team and say who sees it.
func (c DescribeTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	team, err := org.teamToChange(m.Actor, DescribingTeam, About{Team: c.Team})
	if err != nil {
		return nil, err
	}
	described := events.TeamDescribed{Team: c.Team, Description: team.Description, Privacy: team.Privacy}
	if c.Description != nil {
		described.Description = *c.Description
	}
	if c.Privacy != nil {
		described.Privacy = *c.Privacy
	}
	if err := validateDescription(described.Description); err != nil {
		return nil, err
	}
	if err := validatePrivacy(described.Privacy); err != nil {
		return nil, err
	}
	if described.Description == team.Description && described.Privacy == team.Privacy {
		return nil, nil // already so
	}
	return []events.Event{described}, nil
}
