package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
)

// linked is an organization under the scheme owner-member: ada owns the project
// apollo, bob is a member of it, cleo is in the organization alone.
func linked(t testing.TB) (*apitest.Server, string) {
	t.Helper()
	h := apitest.Start(t)
	const org = "/v1/organizations/acme"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_organization", "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "add_member", "user": "cleo"},
		{"type": "create_project", "id": "apollo", "name": "Apollo"},
		{"type": "create_project", "id": "gemini"},
		{"type": "add_project_member", "project": "apollo", "user": "ada", "role": "owner"},
		{"type": "add_project_member", "project": "apollo", "user": "bob"},
	}})
	return h, org
}

func TestWhoMayHandOnThePublicLinkSeesIt(t *testing.T) {
	t.Parallel()
	h, org := linked(t)
	link := org + "/projects/apollo/public-link"
	h.As("ada").Sees(link).Has("on", false, "token", nil, "since", nil)
	made := h.As("ada").May("POST " + link)
	h.As("ada").Sees(link).Has("on", true, "token", made.At("token"), "since.by", "ada")
	h.As("").Sees(link).Has("token", made.At("token"))
	h.As("bob").Ask("GET "+link).Refused(http.StatusForbidden, "not_allowed")
	h.As("cleo").Ask("GET "+link).Refused(http.StatusForbidden, "not_allowed")
	h.As("zoe").SeesNo(link, "no_organization")
	h.As("ada").SeesNo(org+"/projects/none/public-link", "no_project")
}

func TestWhoHoldsThePublicLinkViewsTheProject(t *testing.T) {
	t.Parallel()
	h, org := linked(t)
	link := org + "/projects/apollo/public-link"
	opens := func(token any) apirequest.Reply {
		return h.As("zoe").Ask("POST "+link+"/open", o{"token": token})
	}
	opens("").Refused(http.StatusNotFound, "no_project")
	token := h.As("ada").May("POST " + link).At("token")
	got := opens(token).OK().Has("project", "apollo", "name", "Apollo", "permissions.content", "view", "permissions.members", "none", "read_only", nil)
	assert.Empty(t, got.Header.Get("ETag"), "a stranger hears of version")
	opens("guessed").Refused(http.StatusNotFound, "no_project")
	h.As("zoe").Ask("POST "+org+"/projects/gemini/public-link/open", o{"token": token}).Refused(http.StatusNotFound, "no_project")
	h.As("zoe").Ask("POST /v1/organizations/none/projects/apollo/public-link/open", o{"token": token}).Refused(http.StatusNotFound, "no_project")

	rotated := h.As("ada").May("POST " + link + "/rotate").At("token")
	opens(token).Refused(http.StatusNotFound, "no_project")
	opens(rotated).OK()
	h.As("ada").May("POST " + org + "/projects/apollo/archive")
	opens(rotated).OK().Has("read_only", true, "permissions.content", "view")
	h.As("ada").May("POST " + org + "/projects/apollo/restore")
	h.As("ada").May("DELETE " + link)
	opens(rotated).Refused(http.StatusNotFound, "no_project")
	again := h.As("ada").May("POST " + link).At("token")
	opens(rotated).Refused(http.StatusNotFound, "no_project")
	opens(again).OK()
}
