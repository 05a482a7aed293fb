package domain

import "github.com/seed-2026d078/roster/events"

// RevokeInvite takes a pending invite back.
type RevokeInvite struct{ Invite events.InviteID }

// Decide lets those whom the scheme allows revoke invites to roles that they may
// assign.
func (c RevokeInvite) Decide(org Organization, m events.Moment) ([]events.Event, error) {
	if err := org.Authorize(m.Actor, RevokingInvite, About{}); err != nil {
		return nil, err
	}
	invite := org.findInvite(c.Invite)
	if invite == nil {
		return nil, org.noInvite(m.Actor, c.Invite)
	}
	if org.scheme.organization.find(invite.Role) != nil { // a role that is gone has no rank
		if err := org.mayTake(m.Actor, invite.Role); err != nil {
			return nil, err
		}
	}
	return []events.Event{events.InviteRevoked{Invite: c.Invite}}, nil
}
