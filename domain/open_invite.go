package domain

import "github.com/seed-2026d078/roster/events"

// OpenInvite notes that somebody who has the secret of an invite has looked at it.
type OpenInvite struct {
	Invite events.InviteID
	// Token is the hash of the secret.
	Token events.Hash
}

// Decide notes the first time since the invite was sent. The system gives the command, since nobody knows who looks.
func (c OpenInvite) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	invite := org.findInvite(c.Invite)
	switch {
	case m.Actor != events.System:
		return nil, ErrNotAllowed.Because("Only the system actor notes that an invite was opened.")
	case invite == nil:
		return nil, org.noOpenInvite(c.Invite, c.Token)
	case !sameSecret(c.Token, invite.token):
		return nil, ErrNoInvite
	case !invite.Opened.IsZero():
		return nil, nil // already so
	}
	return []events.Event{events.InviteOpened{Invite: c.Invite}}, nil
}
