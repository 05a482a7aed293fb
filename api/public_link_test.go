package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

// linked is an organization under the scheme owner-member: ada owns the project
// apollo, bob is a member of it, cleo is in the organization alone.
func linked(t testing.TB) (*testServer, string) {
	t.Helper()
	h := startServer(t)
	const org = "/v1/organizations/acme"
	h.system(step{"POST " + org + "/commands", o{"commands": []o{
		{"type": "create_organization", "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "add_member", "user": "cleo"},
		{"type": "create_project", "id": "apollo", "name": "Apollo"},
		{"type": "create_project", "id": "gemini"},
		{"type": "add_project_member", "project": "apollo", "user": "ada", "role": "owner"},
		{"type": "add_project_member", "project": "apollo", "user": "bob"},
	}}})
	return h, org
}

func TestWhoMayHandOnThePublicLinkSeesIt(t *testing.T) {
	t.Parallel()
	h, org := linked(t)
	link := org + "/projects/apollo/public-link"
	h.as("ada").do("GET "+link, nil).ok().has("on", false, "token", nil, "since", nil)
	made := h.as("ada").do("POST "+link, nil).ok()
	h.as("ada").do("GET "+link, nil).ok().has("on", true, "token", made.at("token"), "since.by", "ada")
	h.as("").do("GET "+link, nil).ok().has("token", made.at("token"))
	h.as("bob").do("GET "+link, nil).refused(http.StatusForbidden, "not_allowed")
	h.as("cleo").do("GET "+link, nil).refused(http.StatusForbidden, "not_allowed")
	h.as("zoe").do("GET "+link, nil).refused(http.StatusNotFound, "no_organization")
	h.as("ada").do("GET "+org+"/projects/none/public-link", nil).refused(http.StatusNotFound, "no_project")
}

func TestWhoHoldsThePublicLinkViewsTheProject(t *testing.T) {
	t.Parallel()
	h, org := linked(t)
	link := org + "/projects/apollo/public-link"
	opens := func(token any) reply {
		return h.as("zoe").do("POST "+link+"/open", o{"token": token})
	}
	opens("").refused(http.StatusNotFound, "no_project")
	token := h.as("ada").do("POST "+link, nil).ok().at("token")
	got := opens(token).ok().has("project", "apollo", "name", "Apollo", "permissions.content", "view", "permissions.members", "none", "read_only", nil)
	assert.Empty(t, got.header.Get("ETag"), "a stranger hears of version")
	opens("guessed").refused(http.StatusNotFound, "no_project")
	h.as("zoe").do("POST "+org+"/projects/gemini/public-link/open", o{"token": token}).refused(http.StatusNotFound, "no_project")
	h.as("zoe").do("POST /v1/organizations/none/projects/apollo/public-link/open", o{"token": token}).refused(http.StatusNotFound, "no_project")

	rotated := h.as("ada").do("POST "+link+"/rotate", nil).ok().at("token")
	opens(token).refused(http.StatusNotFound, "no_project")
	opens(rotated).ok()
	h.as("ada").do("POST "+org+"/projects/apollo/archive", nil).ok()
	opens(rotated).ok().has("read_only", true, "permissions.content", "view")
	h.as("ada").do("POST "+org+"/projects/apollo/restore", nil).ok()
	h.as("ada").do("DELETE "+link, nil).ok()
	opens(rotated).refused(http.StatusNotFound, "no_project")
	again := h.as("ada").do("POST "+link, nil).ok().at("token")
	opens(rotated).refused(http.StatusNotFound, "no_project")
	opens(again).ok()
}
