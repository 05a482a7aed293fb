package domain

import "github.com/seed-2026d078/roster/events"

// DeclineInvite turns an invite down.
type DeclineInvite struct {
	Invite events.InviteID
	// Member is who declines; empty if nobody knows, as where somebody follows the link in a mail without signing in.
	Member events.UserID
	Proof  InviteProof
}

// Decide lets whoever has the secret decline, whoever has the address, and whom the invite names, as long as it is open:
// also after it has expired or become void. Repeated, it changes nothing.
func (c DeclineInvite) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	invite := org.findInvite(c.Invite)
	if invite == nil {
		closed := org.closed.At(c.Invite)
		theirs := closed != nil && closed.Member != "" && closed.Member == c.Member && (m.Actor == c.Member || m.Actor == events.System)
		if closed != nil && closed.Status == InviteDeclined && (theirs || sameSecret(c.Proof.Token, closed.token)) {
			return nil, nil // already so
		}
		return nil, org.noOpenInvite(c.Invite, c.Proof.Token)
	}
	if m.Actor == events.System && c.Member == "" && !c.Proof.given() {
		return nil, ErrNoInvite.Because("Whoever an invite was sent to declines it: show its token, or name the user. Others revoke it.")
	}
	if err := c.Proof.check(m, invite, c.Member); err != nil {
		return nil, err
	}
	return []events.Event{events.InviteDeclined{Invite: c.Invite, Member: c.Member}}, nil
}
