package domain

import "github.com/seed-2026d078/roster/events"

// TurnOffPublicLink ends the link of a project at once.
type TurnOffPublicLink struct{ Project events.ProjectID }

// Decide lets those whom the scheme allows turn the link off.
func (c TurnOffPublicLink) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, TurningOffPublicLink, About{Project: c.Project}); err != nil {
		return nil, err
	}
	if org.projects.At(c.Project).link == nil {
		return nil, nil // already so
	}
	return []events.Event{events.PublicLinkTurnedOff{Project: c.Project}}, nil
}
