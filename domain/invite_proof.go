package domain

import (
	"crypto/subtle"
	"slices"

	"github.com/seed-2026d078/roster/events"
)

// InviteProof is what somebody shows who takes up or declines an invite.
type InviteProof struct {
	// Token is the hash of the secret that was sent; the zero value is none.
	Token events.Hash
	// Addresses are those that the person has, as whoever signs people in has verified; nil says nothing of them, and an empty list that there are none.
	Addresses []events.AddressHash
}

// given reports whether anything is said.
func (p InviteProof) given() bool { return p.Token != (events.Hash{}) || p.Addresses != nil }

// check fails unless somebody may take up an invite, or decline it: whoever has the secret, an address that it was sent to, or is the person
// that it names. The system vouches for the person, but what it shows must be right. Member is empty if nobody knows who it is.
func (p InviteProof) check(m events.Moment, i *Invite, member events.UserID) error {
	bySecret := sameSecret(p.Token, i.token)
	switch {
	case p.Token != (events.Hash{}) && !bySecret, // of another invite, or of this one before it was sent again
		m.Actor != events.System && m.Actor != member:
		return ErrNoInvite
	case member != "" && i.Member != "" && i.Member != member:
		if bySecret {
			return ErrOtherUser
		}
		return ErrNoInvite
	case m.Actor == events.System && !p.given(), bySecret, p.hasAddress(i), member != "" && i.Member == member:
		return nil
	}
	return ErrNoInvite
}

// checkBinding fails unless the invite is for somebody who shows what check asks for.
func (p InviteProof) checkBinding(m events.Moment, i *Invite) error {
	if i.Bind != events.BindAddress || p.hasAddress(i) || m.Actor == events.System && !p.given() {
		return nil
	}
	return ErrOtherAddress
}

func (p InviteProof) hasAddress(i *Invite) bool {
	return i.address != "" && slices.Contains(p.Addresses, i.address)
}

// sameSecret compares the hashes of two secrets in constant time. None is no secret.
func sameSecret(shown, kept events.Hash) bool {
	return shown != (events.Hash{}) && subtle.ConstantTimeCompare(shown[:], kept[:]) == 1
}
