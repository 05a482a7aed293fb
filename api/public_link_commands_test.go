package api_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

func TestPublicLink(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	link := org + "/projects/apollo/public-link"
	opens := func(token any) bool {
		secret, _ := token.(string)
		_, ok := h.Desk.View().State.Organization("acme").ThroughLink("apollo", events.Sum([]byte(secret)))
		return ok
	}
	h.As("bob").Ask("POST "+link).Refused(403, "not_allowed")
	h.As("ada").Ask("POST "+link+"/rotate").Refused(409, "no_public_link")
	h.As("ada").May("DELETE "+link).Has("changed", false)

	once := h.As("ada").With("Idempotency-Key", "on")
	first := once.May("POST "+link).Has("changed", true).At("token")
	text, _ := first.(string)
	require.NotEmpty(t, text, "the link opens nothing")
	require.True(t, opens(first), "the link %v opens nothing", first)
	once.May("POST "+link).Has("token", first, "repeated", true, "events.0.token", first)
	h.As("ada").May("POST "+link).Has("changed", false, "token", nil)

	rotate := h.As("ada").With("Idempotency-Key", "rotate")
	second := rotate.May("POST " + link + "/rotate").At("token")
	assert.NotEqual(t, first, second, "the link before is not dead, or the new one does not open")
	assert.True(t, opens(second), "the link before is not dead, or the new one does not open")
	assert.False(t, opens(first), "the link before is not dead, or the new one does not open")
	rotate.May("POST "+link+"/rotate").Has("token", second, "repeated", true)
	h.As("bob").Ask("DELETE "+link).Refused(403, "not_allowed")
	h.As("ada").May("DELETE "+link).Has("changed", true, "token", nil)
	third := h.As("ada").May("POST " + link)
	assert.False(t, opens(first), "a link that was turned off came to life again")
	assert.False(t, opens(second), "a link that was turned off came to life again")
	assert.True(t, opens(third.At("token")), "a link that was turned off came to life again")
	// Nobody who reads what happened learns how to open it.
	listed := h.As("ada").Sees(org + "/events?type=public_link.turned_on.v1&type=public_link.rotated.v1").Count(3)
	assert.NotContains(t, listed.Body, "token", "the audit log tells of secrets")
	assert.NotContains(t, listed.Body, "nonce", "the audit log tells of secrets")
	github, org := githubOrganization(t)
	github.As("").Ask("POST "+org+"/projects/apollo/public-link").Refused(409, "links_off")
}

// TestLinksAndInvitesHaveTheirOwnSecrets names an invite as a project is named.
func TestLinksAndInvitesHaveTheirOwnSecrets(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	link := h.As("ada").May("POST " + org + "/projects/apollo/public-link").At("token")
	invite := h.As("ada").May("POST "+org+"/invites", o{"id": "apollo", "email": "eve@example.org"}).At("token")
	h.As("eve").Ask("POST "+org+"/invites/apollo/accept", o{"token": link}).Refused(404, "no_invite")
	assert.NotEqual(t, invite, link, "one secret opens both")
	h.As("ada").Ask("POST "+org+"/invites", o{"id": "public link\napollo", "email": "fay@example.org"}).Refused(422, "bad_id")
}
