package api_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// try is a command with what must come of it.
type try struct {
	actor  string
	what   string
	body   any
	status int
	code   string // of the problem; empty where the command succeeds
}

// tries gives commands in turn. Those that succeed must change something, and say
// where it is recorded.
func tries(t *testing.T, h *apitest.Server, all ...try) {
	t.Helper()
	for _, c := range all {
		got := h.As(c.actor).Ask(c.what, c.body)
		if c.code != "" {
			got.Refused(c.status, c.code)
			continue
		}
		got.OK()
		assert.Equal(t, c.status, got.Status, got)
		got.Has("changed", true, "position", int(got.Position()))
		assert.NotEmpty(t, got.Header.Get("ETag"), "no ETag")
	}
}

// newOrganization is an organization under a scheme that ada owns, with one project of
// hers; bob, cleo and dan have the lowest role.
func newOrganization(t testing.TB, scheme string) (*apitest.Server, string) {
	t.Helper()
	h := apitest.Start(t)
	const org = "/v1/organizations/acme"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": scheme, "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "add_member", "user": "cleo"},
		{"type": "add_member", "user": "dan"},
	}})
	h.As("ada").May("POST "+org+"/projects", o{"id": "apollo", "name": "Apollo"})
	return h, org
}
