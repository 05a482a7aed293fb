package api

import (
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
)

// secret returns the token that an event has brought into being; empty for none.
func secret(keyring *keyring.Keyring, org events.OrganizationID, e events.Event) string {
	switch e := e.(type) { //nolint:gochecksumtype // the others bring none
	case events.MemberInvited:
		return keyring.Token(org, e.Invite, e.Nonce)
	case events.PublicLinkTurnedOn:
		return linkToken(keyring, org, e.Project, e.Nonce)
	case events.PublicLinkRotated:
		return linkToken(keyring, org, e.Project, e.Nonce)
	}
	return ""
}

// linkToken returns the secret of a project's public link. The line break keeps it
// apart from the secrets of invites: no id holds one.
func linkToken(keyring *keyring.Keyring, org events.OrganizationID, project events.ProjectID, nonce string) string {
	return keyring.Token(org, events.InviteID("public link\n"+project), nonce)
}
