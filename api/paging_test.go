package api_test

import (
	"net/http"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/scheme"
)

// TestCursorsNameNothingHidden lists projects of bob of which dan sees two.
func TestCursorsNameNothingHidden(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, name := range []string{"Aardvark", "Beetle", "Mercury", "Zebra"} {
		h.as("ada").do("POST "+org+"/projects", o{"id": name, "name": name}).ok()
		h.as("ada").do("POST "+org+"/projects/"+name+"/members", o{"user": "bob"}).ok()
	}
	now := h.as("ada").do("POST "+org+"/projects/Mercury/members", o{"user": "dan", "role": "maintain"}).ok().position()
	list := org + "/members/bob/projects?limit=1"
	first := h.reads("dan", now, list).count(1).has("items.0.name", "Apollo")
	next, _ := first.at("next").(string)
	h.reads("dan", now, list+"&after="+next).count(1).has("items.0.name", "Mercury", "next", nil)
	h.reads("bob", now, list).count(1).has("items.0.name", "Aardvark")
}

// TestListsThatLagBehindNameNothingLost takes sight from bob where the read models
// stand still.
func TestListsThatLagBehindNameNothingLost(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	now := h.as("ada").do("POST "+org+"/projects/gemini/members", o{"user": "bob"}).ok().position()
	h.reads("bob", now, org+"/projects").count(2)
	h.stopProjecting()
	h.as("ada").do("DELETE "+org+"/projects/apollo/teams/core", nil).ok()
	h.as("ada").do("DELETE "+org+"/teams/sub/members/bob", nil).ok()
	h.as("bob").do("GET "+org+"/projects?limit=1", nil).count(1).has("items.0.id", "gemini", "next", nil)
	h.as("bob").do("GET "+org+"/teams?limit=1", nil).count(1).has("items.0.id", "core", "next", nil)
}

// TestWhoMayNotKnowTheMembersDoesNotLearnOfThem asks for a member and for a stranger.
func TestWhoMayNotKnowTheMembersDoesNotLearnOfThem(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	const open, shut = "see_members: {organization: {members: view}}", "see_members: {organization: {members: full}}"
	text, err := os.ReadFile("../scheme/builtin/github.yaml")
	require.NoError(t, err)
	require.Contains(t, string(text), open, "the scheme does not say who sees the members")
	h.config.Schemes, err = scheme.Load(fstest.MapFS{"github.yaml": {Data: []byte(strings.ReplaceAll(string(text), open, shut))}})
	require.NoError(t, err)
	h.config.Metrics = nil
	h.serve()
	const org = "/v1/organizations/acme"
	now := h.system(
		step{"POST /v1/organizations", o{"id": "acme", "scheme": "github", "owner": "ada"}},
		step{"POST " + org + "/members", o{"user": "bob"}}, step{"POST " + org + "/members", o{"user": "cleo"}},
		step{"POST " + org + "/projects", o{"id": "p"}}, step{"POST " + org + "/projects/p/members", o{"user": "bob"}},
	)
	for _, user := range []string{"bob", "zoe"} {
		got := h.reads("cleo", now, org+"/members/"+user+"/projects").count(0)
		assert.Equal(t, `{"items":[]}`, string(got.body), "what cleo hears of %s", user)
	}
	h.reads("bob", now, org+"/members/bob/projects").count(1)
	h.reads("ada", now, org+"/members/zoe/projects").refused(http.StatusNotFound, "no_member")
}
