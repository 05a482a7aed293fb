package domain

import "github.com/seed-2026d078/roster/events"

// CreateTeam opens a team.
type CreateTeam struct {
	Team events.TeamID
	Name string
	// Parent is the team above; empty is the top level.
	Parent      events.TeamID
	Description string
	Privacy     events.Privacy
	Colour      events.Colour
}

// Decide lets those whom the scheme allows create teams, under parents where it
// nests them, as deep as it allows. Names are unique in the organization,
// without regard to case.
func (c CreateTeam) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, CreatingTeam, About{}); err != nil {
		return nil, err
	}
	switch {
	case !org.scheme.Teams.On:
		return nil, ErrTeamsOff
	case org.teams.At(c.Team) != nil:
		return nil, ErrTeamExists
	}
	if err := validateID("team", c.Team); err != nil {
		return nil, err
	}
	if err := org.requireFreeTeamName(c.Team, c.Name); err != nil {
		return nil, err
	}
	if err := validateDescription(c.Description); err != nil {
		return nil, err
	}
	if err := validatePrivacy(c.Privacy); err != nil {
		return nil, err
	}
	if err := validateColour(c.Colour); err != nil {
		return nil, err
	}
	if err := org.validateParent(m.Actor, c.Parent); err != nil {
		return nil, err
	}
	if err := org.requireDepth(1, c.Parent, 0); err != nil {
		return nil, err
	}
	return []events.Event{events.TeamCreated{
		Team: c.Team, Name: c.Name, Parent: c.Parent, Description: c.Description, Privacy: c.Privacy, Colour: c.Colour,
	}}, nil
}

// requireFreeTeamName fails if a team cannot be called so, or if another team is, without
// regard to case.
func (o Organization) requireFreeTeamName(id events.TeamID, name string) error {
	if err := validateName(name); err != nil {
		return err
	}
	for _, other := range o.TeamsNamed(name) {
		if other != id {
			return ErrTeamNameTaken.Because("Another team of the organization is called %q; choose a name that differs in more than case.", o.teams.At(other).Name)
		}
	}
	return nil
}

func (o Organization) validateParent(actor events.UserID, parent events.TeamID) error {
	switch {
	case parent == "":
		return nil
	case !o.scheme.Teams.Nested:
		return ErrTeamsFlat
	case !o.SeesTeam(actor, parent):
		return NoTeam(actor, parent)
	}
	return nil
}
