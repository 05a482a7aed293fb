package api_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDeclarations plans and applies a declaration, and reads it back.
func TestDeclarations(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	system, config := h.As(""), org+"/config"
	declared := o{
		"scheme": "github", "name": "Acme",
		"members": []o{{"user": "ada", "role": "admin"}, {"user": "bob", "role": "admin"}, {"user": "eve", "login": "Eve"}, {"user": "dan"}},
		"teams": []o{
			{"name": "Engine", "previously": []string{"Core"}, "members": []o{{"user": "dan", "role": "maintainer"}}, "projects": []o{{"project": "apollo", "role": "read"}}},
			{"name": "Docs", "parent": "Engine", "privacy": "closed", "members": []o{{"user": "eve"}}, "projects": []o{}},
		},
		"projects": []o{{"project": "apollo", "name": "Apollo", "members": []o{}}, {"project": "saturn", "description": "Rings", "archived": true, "members": []o{}}},
	}
	plan := dryRun(t, h, system, "PUT "+config, declared).OK()
	plan.Has("changed", false, "dry_run.counts.commands", 14, "dry_run.counts.loses", 2)
	plan.Part("dry_run.commands.0").Has("action", "rename_organization", "from", "acme", "to", "Acme")
	plan.Part("dry_run.commands.1").Has("action", "create_project", "project", "saturn", "user", nil)

	receipt := system.May("PUT "+config, declared)
	receipt.Has("changed", true, "position", int(h.Desk.View().Position))
	system.May("PUT "+config, declared).Has("changed", false)
	dryRun(t, h, system, "PUT "+config, declared).OK().Has("dry_run.counts.commands", nil, "dry_run.counts.events", 0)
	system.Sees(org+"/teams/core").Has("name", "Engine")
	system.Sees(org+"/members/eve").Has("login", "Eve")
	system.SeesNo(org+"/members/cleo", "no_member")

	read := h.As("ada").Sees(config)
	read.Has("scheme", "github", "name", "Acme", "members.0.user", "ada", "members.3.login", "Eve", "teams.0.name", "Docs", "teams.0.parent", "Engine")
	var back o
	require.NoError(t, json.Unmarshal([]byte(read.Body), &back))
	h.As("ada").May("PUT "+config, back).Has("changed", false)
}

func TestDeclarationsByLogin(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	config := org + "/config"
	system := h.As("")
	system.May("POST "+org+"/members", o{"user": "4711", "login": "Fay"})
	body := func(members ...o) o { return o{"by_login": true, "partial": true, "members": members} }
	present := []o{{"user": "ADA", "role": "admin"}, {"user": "Bob"}, {"user": "cleo"}, {"user": "dan"}, {"user": "fay"}}
	system.May("PUT "+config, body(present...)).Has("changed", false)
	system.May("PUT "+config, body(append(present, o{"user": "Gus"})...)).Has("changed", true)
	system.Sees(org+"/members/gus").Has("login", "Gus")

	system.May("PUT "+config, o{"by_login": true, "partial": true, "projects": []o{
		{"project": "APOLLO"}, {"project": "saturn", "previously": []string{"Gemini"}}, {"project": "Mars", "members": []o{{"user": "FAY", "role": "read"}}},
	}, "teams": []o{
		{"name": "Core", "projects": []o{{"project": "Saturn", "role": "read"}, {"project": "mars", "role": "read"}}}, {"name": "Hidden Heroes", "parent": "core"},
	}})
	system.Sees(org+"/projects/gemini").Has("name", "saturn")
	system.Sees(org+"/projects/Mars/members?search=fay").Has("items.0.user", "4711")
	system.Sees(org+"/projects/apollo").Has("name", "Apollo")

	system.May("POST "+org+"/members", o{"user": "4712", "login": "FAY"})
	system.MayNot("PUT "+config, "ambiguous_name", body(present...))
	h.As("zoe").MayNot("PUT "+config, "no_organization", body(present...))
}

func TestRefusedDeclarationsNameTheirPlaces(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	config := org + "/config"
	before := h.Desk.View().Position
	refused := h.As("").MayNot("PUT "+config, "last_holder", o{"members": []o{{"user": "bob"}, {"user": "cleo"}, {"user": "dan"}}})
	refused.Has("errors.0.about", `member "ada"`, "errors.0.location", nil)
	refused = h.As("").MayNot("PUT "+config, "unknown_role", o{"teams": []o{
		{"name": "Core", "members": []o{{"user": "bob"}, {"user": "cleo", "role": "king"}}, "projects": []o{{"project": "apollo", "role": "queen"}}},
	}})
	refused.Has("errors.0.about", `member "cleo" of team "Core"`, "errors.0.location", "body.teams[0].members[1]", "errors.1.location", "body.teams[0].projects[0]")
	refused.Says("detail", "One more change was refused; nothing was done.")
	h.As("").MayNot("PUT "+config, "other_scheme", o{"scheme": "agency"})
	h.As("").MayNot("PUT "+config, "malformed", o{"member": []o{}})
	many := slices.Repeat([]o{{"user": "u"}}, 20_000)
	h.As("").Ask("PUT "+config, o{"members": many, "projects": []o{{"project": "p"}}}).Refused(http.StatusUnprocessableEntity, "too_many_items").Says("detail", "20001 entries", "nothing was done", "in parts")
	assert.Equal(t, before, h.Desk.View().Position)
}

func TestDeclarationsAreForThoseWhoSeeEverything(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	config := org + "/config"
	h.As("ada").Sees(config)
	h.As("bob").MayNot("GET "+config, "not_allowed")
	h.As("zoe").SeesNo(config, "no_organization")
	h.As("bob").MayNot("PUT "+config, "not_allowed", o{"teams": []o{}})
	h.As("bob").MayNot("PUT "+config, "not_allowed", o{"name": "Ours"})
	h.As("bob").May("PUT "+config, o{"members": []o{{"user": "ada", "role": "admin"}, {"user": "bob"}, {"user": "cleo"}, {"user": "dan"}}}).Has("changed", false)
}

// TestDeclarationsByLoginTellOfNothingHidden names projects that bob does not see.
func TestDeclarationsByLoginTellOfNothingHidden(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, id := range []string{"s1", "s2"} {
		h.As("").May("POST "+org+"/projects", o{"id": id, "name": "Secret"})
	}
	secret := o{"by_login": true, "partial": true, "projects": []o{{"project": "secret"}}}
	h.As("bob").SeesNo(org+"/projects/s1", "no_project")
	h.As("bob").MayNot("PUT "+org+"/config", "not_allowed", secret)
	h.As("ada").MayNot("PUT "+org+"/config", "ambiguous_name", secret)
}

// TestDeclarationsByLoginTakeNobodyForAnother has a login that nobody has, but as an id.
func TestDeclarationsByLoginTakeNobodyForAnother(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	system := h.As("")
	system.May("POST "+org+"/members", o{"user": "gus", "login": "Gustav"})
	declared := o{"by_login": true, "partial": true, "members": []o{{"user": "ada", "role": "admin"}, {"user": "bob"}, {"user": "cleo"}, {"user": "dan"}, {"user": "Gus", "role": "admin"}}}
	system.MayNot("PUT "+org+"/config", "ambiguous_name", declared).Says("detail", `"Gus"`, "another login")
	system.Sees(org+"/members/gus").Has("role", "member")
}

// TestRepeatedDeclarationsAreAnsweredTheSame makes a name ambiguous after a declaration named
// it, and plain again after one was refused for it.
func TestRepeatedDeclarationsAreAnsweredTheSame(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	declared := o{"by_login": true, "partial": true, "projects": []o{{"project": "Mars", "name": "Mars"}}}
	accepted, refused := h.As("ada").With("Idempotency-Key", "k1"), h.As("ada").With("Idempotency-Key", "k2")
	first := accepted.May("PUT "+org+"/config", declared)
	h.As("").May("PATCH "+org+"/projects/Mars", o{"name": "Moon"})
	for _, id := range []string{"m1", "m2"} {
		h.As("").May("POST "+org+"/projects", o{"id": id, "name": "Moon"})
	}
	again := o{"by_login": true, "partial": true, "projects": []o{{"project": "moon"}}}
	refused.MayNot("PUT "+org+"/config", "ambiguous_name", again)
	h.As("").May("DELETE " + org + "/projects/m1")
	h.As("").May("DELETE " + org + "/projects/m2")
	refused.MayNot("PUT "+org+"/config", "ambiguous_name", again)
	refused.With("If-Match", `"1"`).MayNot("PUT "+org+"/config", "ambiguous_name", again)

	h.As("").May("POST "+org+"/members", o{"user": "eve", "role": "admin"})
	h.As("eve").May("DELETE " + org + "/members/ada")
	accepted.May("PUT "+org+"/config", declared).Has("repeated", true, "position", first.At("position"))
	h.As("bob").With("Idempotency-Key", "k1").MayNot("PUT "+org+"/config", "key_reused", declared)
	h.As("zoe").With("Idempotency-Key", "k1").MayNot("PUT "+org+"/config", "no_organization", declared)
}

// TestRefusalsOfMuchAreShort sends lists of which every entry is wrong.
func TestRefusalsOfMuchAreShort(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	teams := make([]o, 2000)
	for i := range teams {
		teams[i] = o{"name": "t", "privacy": "open"}
	}
	refused := h.As("ada").MayNot("PUT "+org+"/config", "malformed", o{"teams": teams})
	assert.Len(t, refused.At("errors"), 1000)
}
