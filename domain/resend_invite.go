package domain

import (
	"time"

	"github.com/seed-2026d078/roster/events"
)

// ResendInvite sends an open invite again, with another secret: the one before opens nothing any more.
type ResendInvite struct {
	Invite events.InviteID
	// Token is the hash of the new secret, Nonce went into it.
	Token events.Hash
	Nonce events.Nonce
	// Message is what the sender says now; empty: what was said before.
	Message events.Sealed
	// Expires is when the offer ends; the zero value is what the scheme says.
	Expires time.Time
}

// Decide lets those send an invite again who may send it anew. The offer rests on them from then on, so that
// an invite that has expired, or is void since its sender may not give what it offers, can be accepted again.
func (c ResendInvite) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	invite, err := org.inviteToSend(m, c.Invite)
	if err != nil {
		return nil, err
	}
	if sameSecret(c.Token, invite.token) {
		return nil, nil // already so
	}
	if gone := org.inviteOffersGone(invite); gone != nil {
		return nil, gone.toSender()
	}
	if _, err := invite.offered().validate(org, m); err != nil {
		return nil, err
	}
	if err := org.requireSeatAgain(invite); err != nil {
		return nil, err
	}
	expires, err := expiry(m, "An invite", org.scheme.InviteDays, c.Expires)
	if err != nil {
		return nil, err
	}
	return []events.Event{events.InviteResent{Invite: c.Invite, Token: c.Token, Nonce: c.Nonce, Expires: expires, Message: c.Message}}, nil
}
