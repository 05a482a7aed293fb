package api_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestExportPerson(t *testing.T) {
	t.Parallel()
	h := scattered(t)
	h.As("").May("PATCH /v1/organizations/acme/members/bob/profile", o{"name": "Bob Example", "email": "bob@example.org", "metadata": o{"badge": "77"}})
	h.As("").May("POST /v1/organizations/gone/invites", o{"id": "i", "email": "bob@example.org", "message": "Dear Bob"})
	h.As("").May("POST /v1/organizations/acme/invites", o{"id": "other", "email": "eve@example.org"})
	h.As("").May("DELETE /v1/organizations/gone/members/bob")
	h.As("").May("PATCH /v1/organizations/beta/access-requests", o{"join": "open"})
	h.As("").May("POST /v1/organizations/beta/access-requests", o{"id": "r", "user": "fay", "name": "Fay Example", "email": "fay@example.org", "reason": "To help"})
	h.As("").May("POST /v1/organizations/beta/access-requests/r/deny", o{"reason": "From May on"})
	h.As("").May("PATCH /v1/organizations/acme/projects/apollo/members/bob", o{"role": "admin"})

	const export = "/v1/users/bob/export"
	got := h.As("").Sees(export).Has("user", "bob")
	assert.Equal(t, []string{"acme", "beta", "gone"}, got.Texts("organizations.id"))
	got.Part("organizations").Has("0.member.name", "Bob Example", "0.member.email", "bob@example.org", "0.member.metadata.badge", "77",
		"0.member.held.projects.0.project", "apollo", "0.member.held.teams.0.team", "core", "1.member.held.role", "admin", "2.member", nil,
		"2.invites.0.id", "i", "2.invites.0.email", "bob@example.org", "2.invites.0.message", "Dear Bob", "2.invites.0.status", "pending")
	assert.NotContains(t, got.Body, "eve@example.org")
	assert.NotContains(t, got.Texts("events.event.payload.invite"), "other")
	assert.Contains(t, got.Texts("events.texts.name"), "Bob Example")
	assert.Contains(t, got.Texts("events.texts.message"), "Dear Bob")
	assert.Contains(t, got.Texts("events.event.type"), "membership.removed.v1")
	assert.Contains(t, got.Texts("notifications.project"), "apollo")

	asked := h.As("").Sees("/v1/users/fay/export")
	for _, text := range []string{"Fay Example", "fay@example.org", "To help", "From May on"} {
		assert.Contains(t, asked.Body, text, "of who has asked to join")
	}
	h.As("bob").Ask("GET "+export, nil).Refused(403, "system_only")
	h.As("").Ask("GET /v1/users/nobody/export", nil).Refused(404, "unknown_person")
	h.As("").May("POST /v1/users/bob/erase", o{"transfer_to": o{"acme": "ada"}})
	got = h.As("").Sees(export)
	for _, text := range []string{"Bob Example", "bob@example.org", "Dear Bob", "badge"} {
		assert.NotContains(t, got.Body, text, "after the erasure")
	}
	got.Has("organizations.0.member", nil, "organizations.2.invites.0.email", nil)
}
