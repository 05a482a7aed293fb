package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSeveralInvites(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "owner-member")
	invite := "POST " + org + "/invites"
	h.as("ada").do(invite, o{"emails": []string{"eve@example.org", "at home", "EVE@example.org"}}).
		refused(422, "bad_email").has("errors.0.index", 1, "errors.0.about", "at home", "errors.0.code", "bad_email",
		"detail", `at home: "at home" is no email address.`)
	h.as("ada").do(invite, o{"emails": []string{"eve@", "fay@", "gus@example.org"}}).refused(422, "bad_email").
		has("detail", `eve@: "eve@" is no email address. One more item was refused; nothing was done.`)
	h.as("ada").do(invite, o{"emails": []string{"eve@example.org", "fay@example.org", "EVE@example.org"}}).
		refused(409, "already_invited").has("errors.0.index", 2, "errors.0.about", "EVE@example.org", "errors.1", nil)
	h.as("ada").do(invite+"?dry_run=true", o{"emails": []string{"eve@example.org", "EVE@example.org"}}).
		refused(409, "already_invited").has("errors.0.about", "EVE@example.org")
	for _, body := range []o{
		{"emails": []string{}},
		{"emails": []string{"eve@example.org"}, "email": "fay@example.org"},
		{"emails": []string{"eve@example.org"}, "id": "i1"},
		{"emails": []string{"eve@example.org"}, "user": "eve"},
		{},
	} {
		h.as("ada").do(invite, body).refused(400, "malformed")
	}
	h.as("bob").do(invite, o{"emails": []string{"eve@example.org"}}).refused(403, "not_allowed")

	once := h.as("ada", "Idempotency-Key", "k")
	body := o{"emails": []string{"eve@example.org", "fay@example.org"}, "until": "2999-01-01T00:00:00Z", "projects": []o{{"project": "apollo", "role": "member"}}}
	sent := once.do(invite, body).ok()
	assert.Equal(t, 201, sent.status)
	assert.NotEqual(t, sent.at("events.1.token"), sent.at("events.0.token"))
	sent.has("id", sent.at("events.0.created"), "token", sent.at("events.0.token"), "events.2", nil)
	once.do(invite, body).ok().has("repeated", true, "events.1.token", sent.at("events.1.token"))
	for i, user := range []string{"eve", "fay"} {
		event := "events." + string(rune('0'+i))
		id, _ := sent.at(event + ".created").(string)
		h.as(user).do("POST "+org+"/invites/"+id+"/accept", o{"token": sent.at(event + ".token")}).ok()
		h.as(user).do("GET "+org+"/projects/apollo", nil).ok().has("role", "member")
	}
}

func TestInviteForSomebodyKnown(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "scoped")
	body := o{"id": "i1", "email": "eve@example.org", "user": "eve", "levels": o{"MEMBERS": "view"}, "projects": []o{{"project": "apollo", "levels": o{"WORKFLOWS": "full"}}}}
	sent := h.as("ada").do("POST "+org+"/invites", body).ok()
	accept := "POST " + org + "/invites/i1/accept"
	h.as("fay").do(accept, o{"token": sent.at("token")}).refused(404, "no_invite")
	h.as("eve").do(accept, o{"token": sent.at("token")}).ok()
	h.as("eve").do("GET "+org+"/projects/apollo/access/eve", nil).ok().has("permissions.WORKFLOWS", "full", "permissions.AI_AGENTS", "none")
	h.reads("eve", h.desk.View().Position, org+"/members").ok()
	h.as("ada").do("POST "+org+"/invites", o{"email": "gus@example.org", "levels": o{"NONE": "view"}}).refused(422, "unknown_permission")
}

func TestSeveralPeopleAndTeamsAtOnce(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.as("ada").do("POST "+org+"/teams", o{"id": "other", "name": "Other"}).ok()
	gemini := org + "/projects/gemini"
	add := func(members, teams []o) o { return o{"members": members, "teams": teams} }
	refused := h.as("ada").do("POST "+gemini+"/members", add(
		[]o{{"user": "bob", "role": "king"}, {"user": "cleo"}, {"user": "zoe"}}, []o{{"team": "core"}, {"team": "none"}})).
		refused(422, "unknown_role").has("errors.0.index", 0, "errors.1.index", 2, "errors.1.code", "not_in_organization",
		"errors.2.index", 4, "errors.2.code", "no_team",
		"errors.0.about", "bob", "errors.1.about", "zoe", "errors.2.about", "none")
	detail, _ := refused.at("detail").(string)
	assert.True(t, strings.HasPrefix(detail, "bob: "), "the detail does not say of whom: %s", refused.body)
	assert.True(t, strings.HasSuffix(detail, " 2 more items were refused; nothing was done."), "the detail does not say of whom: %s", refused.body)
	for _, body := range []o{{}, {"members": []o{}}, {"user": "bob", "members": []o{{"user": "cleo"}}}, {"members": []o{{"role": "read"}}}} {
		h.as("ada").do("POST "+gemini+"/members", body).refused(400, "malformed")
	}
	for _, body := range []o{{}, {"teams": []o{}}, {"team": "core", "teams": []o{{"team": "other"}}}} {
		h.as("ada").do("POST "+gemini+"/teams", body).refused(400, "malformed")
	}
	h.as("cleo").do("POST "+gemini+"/members", add([]o{{"user": "cleo"}}, nil)).refused(404, "no_project")
	h.as("ada").do("GET "+gemini+"/access/cleo", nil).ok().has("reason", "not_on_the_project")

	h.as("ada").do("POST "+gemini+"/members", o{
		"members": []o{{"user": "cleo"}, {"user": "dan", "role": "write", "until": "2999-01-01T00:00:00Z"}}, "teams": []o{{"team": "core", "role": "triage"}},
	}).ok().has("changed", true, "events.0.type", "project_membership.added.v1", "events.2.type", "assignment.added.v1")
	for user, role := range map[string]string{"bob": "triage", "cleo": "read", "dan": "write"} {
		h.as("ada").do("GET "+gemini+"/access/"+user, nil).ok().has("role", role)
	}
	h.as("ada").do("POST "+gemini+"/teams", o{"teams": []o{{"team": "other"}, {"team": "core", "role": "admin"}}}).
		refused(409, "already_assigned").has("errors.0.index", 1)
	h.as("ada").do("POST "+gemini+"/teams", o{"teams": []o{{"team": "other"}, {"team": "sub", "role": "write"}}}).ok().has("events.1.type", "assignment.added.v1")
}
