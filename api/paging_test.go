package api_test

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/scheme"
)

// TestCursorsNameNothingHidden lists projects of bob of which dan sees two.
func TestCursorsNameNothingHidden(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, name := range []string{"Aardvark", "Beetle", "Mercury", "Zebra"} {
		h.As("ada").May("POST "+org+"/projects", o{"id": name, "name": name})
		h.As("ada").May("POST "+org+"/projects/"+name+"/members", o{"user": "bob"})
	}
	h.As("ada").May("POST "+org+"/projects/Mercury/members", o{"user": "dan", "role": "maintain"})
	list := org + "/members/bob/projects?limit=1"
	first := h.As("dan").Sees(list).Count(1).Has("items.0.name", "Apollo")
	next := first.Text("next")
	h.As("dan").Sees(list+"&after="+next).Count(1).Has("items.0.name", "Mercury", "next", nil)
	h.As("bob").Sees(list).Count(1).Has("items.0.name", "Aardvark")
}

// TestListsThatLagBehindNameNothingLost takes sight from bob where the read models
// stand still.
func TestListsThatLagBehindNameNothingLost(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").May("POST "+org+"/projects/gemini/members", o{"user": "bob"})
	h.As("bob").Sees(org + "/projects").Count(2)
	h.StopProjecting()
	h.As("ada").May("DELETE " + org + "/projects/apollo/teams/core")
	h.As("ada").May("DELETE " + org + "/teams/sub/members/bob")
	h.As("bob").Sees(org+"/projects?limit=1").Count(1).Has("items.0.id", "gemini", "next", nil)
	h.As("bob").Sees(org+"/teams?limit=1").Count(1).Has("items.0.id", "core", "next", nil)
}

// TestWhoMayNotKnowTheMembersDoesNotLearnOfThem asks for a member and for a stranger.
func TestWhoMayNotKnowTheMembersDoesNotLearnOfThem(t *testing.T) {
	t.Parallel()
	const open, shut = "see_members: {organization: {members: view}}", "see_members: {organization: {members: full}}"
	text, err := os.ReadFile("../scheme/builtin/github.yaml")
	require.NoError(t, err)
	require.Contains(t, string(text), open, "the scheme does not say who sees the members")
	schemes, err := scheme.Load(fstest.MapFS{"github.yaml": {Data: []byte(strings.ReplaceAll(string(text), open, shut))}})
	require.NoError(t, err)
	h := apitest.Start(t).Configured(func(config *api.Config) { config.Schemes = schemes })
	const org = "/v1/organizations/acme"
	h.As("").May("POST /v1/organizations", o{"id": "acme", "scheme": "github", "owner": "ada"})
	h.As("").May("POST "+org+"/members", o{"user": "bob"})
	h.As("").May("POST "+org+"/members", o{"user": "cleo"})
	h.As("").May("POST "+org+"/projects", o{"id": "p"})
	h.As("").May("POST "+org+"/projects/p/members", o{"user": "bob"})
	for _, user := range []string{"bob", "zoe"} {
		got := h.As("cleo").Sees(org + "/members/" + user + "/projects").Count(0)
		assert.Equal(t, `{"items":[]}`, got.Body, "what cleo hears of %s", user)
	}
	h.As("bob").Sees(org + "/members/bob/projects").Count(1)
	h.As("ada").SeesNo(org+"/members/zoe/projects", "no_member")
}
