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
		_, ok := h.desk.View().State.Organization("acme").ThroughLink("apollo", events.Sum([]byte(secret)))
		return ok
	}
	h.as("bob").do("POST "+link, nil).refused(403, "not_allowed")
	h.as("ada").do("POST "+link+"/rotate", nil).refused(409, "no_public_link")
	h.as("ada").do("DELETE "+link, nil).ok().has("changed", false)

	once := h.as("ada", "Idempotency-Key", "on")
	first := once.do("POST "+link, nil).ok().has("changed", true).at("token")
	text, _ := first.(string)
	require.NotEmpty(t, text, "the link opens nothing")
	require.True(t, opens(first), "the link %v opens nothing", first)
	once.do("POST "+link, nil).ok().has("token", first, "repeated", true, "events.0.token", first)
	h.as("ada").do("POST "+link, nil).ok().has("changed", false, "token", nil)

	rotate := h.as("ada", "Idempotency-Key", "rotate")
	second := rotate.do("POST "+link+"/rotate", nil).ok().at("token")
	assert.NotEqual(t, first, second, "the link before is not dead, or the new one does not open")
	assert.True(t, opens(second), "the link before is not dead, or the new one does not open")
	assert.False(t, opens(first), "the link before is not dead, or the new one does not open")
	rotate.do("POST "+link+"/rotate", nil).ok().has("token", second, "repeated", true)
	h.as("bob").do("DELETE "+link, nil).refused(403, "not_allowed")
	h.as("ada").do("DELETE "+link, nil).ok().has("changed", true, "token", nil)
	third := h.as("ada").do("POST "+link, nil).ok()
	assert.False(t, opens(first), "a link that was turned off came to life again")
	assert.False(t, opens(second), "a link that was turned off came to life again")
	assert.True(t, opens(third.at("token")), "a link that was turned off came to life again")
	// Nobody who reads what happened learns how to open it.
	listed := h.reads("ada", third.position(), org+"/events?type=public_link.turned_on.v1&type=public_link.rotated.v1").count(3)
	assert.NotContains(t, string(listed.body), "token", "the audit log tells of secrets")
	assert.NotContains(t, string(listed.body), "nonce", "the audit log tells of secrets")
	github, org := githubOrganization(t)
	github.as("").do("POST "+org+"/projects/apollo/public-link", nil).refused(409, "links_off")
}

// TestLinksAndInvitesHaveTheirOwnSecrets names an invite as a project is named.
func TestLinksAndInvitesHaveTheirOwnSecrets(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	link := h.as("ada").do("POST "+org+"/projects/apollo/public-link", nil).ok().at("token")
	invite := h.as("ada").do("POST "+org+"/invites", o{"id": "apollo", "email": "eve@example.org"}).ok().at("token")
	h.as("eve").do("POST "+org+"/invites/apollo/accept", o{"token": link}).refused(404, "no_invite")
	assert.NotEqual(t, invite, link, "one secret opens both")
	h.as("ada").do("POST "+org+"/invites", o{"id": "public link\napollo", "email": "fay@example.org"}).refused(422, "bad_id")
}
