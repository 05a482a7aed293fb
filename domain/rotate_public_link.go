package domain

import "github.com/seed-2026d078/roster/events"

// RotatePublicLink puts another link in the place of the one that there is.
type RotatePublicLink struct {
	Project events.ProjectID
	// Token is the hash of the secret in the new link, Nonce went into the secret.
	Token events.Hash
	Nonce events.Nonce
}

// Decide lets those whom the scheme allows rotate a link that is on.
func (c RotatePublicLink) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	project, err := org.projectToLink(m.Actor, RotatingPublicLink, c.Project)
	if err != nil {
		return nil, err
	}
	if project.link == nil {
		return nil, ErrNoLink
	}
	return []events.Event{events.PublicLinkRotated{Project: c.Project, Token: c.Token, Nonce: c.Nonce}}, nil
}
