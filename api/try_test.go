package api_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
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
func (h *testServer) tries(all ...try) {
	h.t.Helper()
	for _, c := range all {
		got := h.as(c.actor).do(c.what, c.body)
		if c.code != "" {
			got.refused(c.status, c.code)
			continue
		}
		got.ok()
		assert.Equal(h.t, c.status, got.status)
		got.has("changed", true)
		assert.EqualValues(h.t, float64(got.position()), got.at("position"), "the positions in the body and the header")
		assert.NotEmpty(h.t, got.header.Get("ETag"), "no ETag")
	}
}

// newOrganization is an organization under a scheme that ada owns, with one project of
// hers; bob, cleo and dan have the lowest role.
func newOrganization(t testing.TB, scheme string) (*testServer, string) {
	t.Helper()
	h := startServer(t)
	const org = "/v1/organizations/acme"
	h.system(step{"POST " + org + "/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": scheme, "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "add_member", "user": "cleo"},
		{"type": "add_member", "user": "dan"},
	}}})
	h.as("ada").do("POST "+org+"/projects", o{"id": "apollo", "name": "Apollo"}).ok()
	return h, org
}
