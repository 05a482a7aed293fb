package domain

import "github.com/seed-2026d078/roster/events"

// TurnOnPublicLink opens a project to everybody who has a link.
type TurnOnPublicLink struct {
	Project events.ProjectID
	// Token is the hash of the secret in the link, Nonce went into the secret.
	Token events.Hash
	Nonce events.Nonce
}

// Decide lets those whom the scheme allows turn the link on. Each time makes a new link,
// so that one that was turned off never works again.
func (c TurnOnPublicLink) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.projectToLink(m.Actor, TurningOnPublicLink, c.Project)
	if err != nil {
		return nil, err
	}
	if project.link != nil {
		return nil, nil // already so
	}
	return []events.Event{events.PublicLinkTurnedOn{Project: c.Project, Token: c.Token, Nonce: c.Nonce}}, nil
}

// projectToLink authorizes an action on a project's public link and returns the
// project.
func (o Organization) projectToLink(actor events.UserID, action events.Action, id events.ProjectID) (*Project, error) {
	if err := o.Authorize(actor, action, About{Project: id}); err != nil {
		return nil, err
	}
	if !o.scheme.PublicLink.Allowed {
		return nil, ErrLinksOff
	}
	return o.projects.At(id), nil
}
