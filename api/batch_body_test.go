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
	h.As("ada").Ask(invite, o{"emails": []string{"eve@example.org", "at home", "EVE@example.org"}}).
		Refused(422, "bad_email").Has("errors.0.index", 1, "errors.0.about", "at home", "errors.0.code", "bad_email",
		"errors.1.index", 2, "errors.1.about", "EVE@example.org", "errors.1.code", "already_invited",
		"detail", `at home: "at home" is no email address: it has no @. One more item was refused; nothing was done.`)
	h.As("ada").Ask(invite, o{"emails": []string{"eve@", "fay@", "gus@example.org"}}).Refused(422, "bad_email").
		Has("detail", `eve@: "eve@" is no email address: there is nothing behind the @. One more item was refused; nothing was done.`)
	h.As("ada").Ask(invite, o{"emails": []string{"eve@example.org", "fay@example.org", "EVE@example.org"}}).
		Refused(409, "already_invited").Has("errors.0.index", 2, "errors.0.about", "EVE@example.org", "errors.1", nil)
	h.As("ada").Ask(invite+"?dry_run=true", o{"emails": []string{"eve@example.org", "EVE@example.org"}}).
		Refused(409, "already_invited").Has("errors.0.about", "EVE@example.org")
	for _, body := range []o{
		{"emails": []string{}},
		{"emails": []string{"eve@example.org"}, "email": "fay@example.org"},
		{"emails": []string{"eve@example.org"}, "id": "i1"},
		{"emails": []string{"eve@example.org"}, "user": "eve"},
		{},
	} {
		h.As("ada").Ask(invite, body).Refused(400, "malformed")
	}
	h.As("bob").Ask(invite, o{"emails": []string{"eve@example.org"}}).Refused(403, "not_allowed")

	once := h.As("ada").With("Idempotency-Key", "k")
	body := o{"emails": []string{"eve@example.org", "fay@example.org"}, "until": "2999-01-01T00:00:00Z", "projects": []o{{"project": "apollo", "role": "member"}}}
	sent := once.May(invite, body)
	assert.Equal(t, 201, sent.Status)
	assert.NotEqual(t, sent.At("events.1.token"), sent.At("events.0.token"))
	sent.Has("id", sent.At("events.0.created"), "token", sent.At("events.0.token"), "events.2", nil)
	once.May(invite, body).Has("repeated", true, "events.1.token", sent.At("events.1.token"))
	for i, user := range []string{"eve", "fay"} {
		event := "events." + string(rune('0'+i))
		id := sent.Text(event + ".created")
		h.As(user).May("POST "+org+"/invites/"+id+"/accept", o{"token": sent.At(event + ".token"), "verified_emails": []string{user + "@example.org"}})
		h.As(user).Sees(org+"/projects/apollo").Has("role", "member")
	}
}

func TestInviteForSomebodyKnown(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "scoped")
	body := o{"id": "i1", "email": "eve@example.org", "user": "eve", "levels": o{"MEMBERS": "view"}, "projects": []o{{"project": "apollo", "levels": o{"WORKFLOWS": "full"}}}}
	sent := h.As("ada").May("POST "+org+"/invites", body)
	accept := "POST " + org + "/invites/i1/accept"
	h.As("fay").Ask(accept, o{"token": sent.At("token")}).Refused(404, "no_invite")
	h.As("eve").May(accept, o{"token": sent.At("token")})
	h.As("eve").Sees(org+"/projects/apollo/access/eve").Has("permissions.WORKFLOWS", "full", "permissions.AI_AGENTS", "none")
	h.As("eve").Sees(org + "/members")
	h.As("ada").Ask("POST "+org+"/invites", o{"email": "gus@example.org", "levels": o{"NONE": "view"}}).Refused(422, "unknown_permission")
}

func TestSeveralPeopleAndTeamsAtOnce(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").May("POST "+org+"/teams", o{"id": "other", "name": "Other"})
	gemini := org + "/projects/gemini"
	add := func(members, teams []o) o { return o{"members": members, "teams": teams} }
	refused := h.As("ada").Ask("POST "+gemini+"/members", add(
		[]o{{"user": "bob", "role": "king"}, {"user": "cleo"}, {"user": "zoe"}}, []o{{"team": "core"}, {"team": "none"}})).
		Refused(422, "unknown_role").Has("errors.0.index", 0, "errors.1.index", 2, "errors.1.code", "not_in_organization",
		"errors.2.index", 4, "errors.2.code", "no_team",
		"errors.0.about", "bob", "errors.1.about", "zoe", "errors.2.about", "none")
	detail := refused.Text("detail")
	assert.True(t, strings.HasPrefix(detail, "bob: "), "the detail does not say of whom: %s", refused.Body)
	assert.True(t, strings.HasSuffix(detail, " 2 more items were refused; nothing was done."), "the detail does not say of whom: %s", refused.Body)
	for _, body := range []o{{}, {"members": []o{}}, {"user": "bob", "members": []o{{"user": "cleo"}}}, {"members": []o{{"role": "read"}}}} {
		h.As("ada").Ask("POST "+gemini+"/members", body).Refused(400, "malformed")
	}
	for _, body := range []o{{}, {"teams": []o{}}, {"team": "core", "teams": []o{{"team": "other"}}}} {
		h.As("ada").Ask("POST "+gemini+"/teams", body).Refused(400, "malformed")
	}
	h.As("cleo").Ask("POST "+gemini+"/members", add([]o{{"user": "cleo"}}, nil)).Refused(404, "no_project")
	h.As("ada").Sees(gemini+"/access/cleo").Has("reason", "not_on_the_project")

	h.As("ada").May("POST "+gemini+"/members", o{
		"members": []o{{"user": "cleo"}, {"user": "dan", "role": "write", "until": "2999-01-01T00:00:00Z"}}, "teams": []o{{"team": "core", "role": "triage"}},
	}).Has("changed", true, "events.0.type", "project_membership.added.v1", "events.2.type", "assignment.added.v1")
	for user, role := range map[string]string{"bob": "triage", "cleo": "read", "dan": "write"} {
		h.As("ada").Sees(gemini+"/access/"+user).Has("role", role)
	}
	h.As("ada").Ask("POST "+gemini+"/teams", o{"teams": []o{{"team": "other"}, {"team": "core", "role": "admin"}}}).
		Refused(409, "already_assigned").Has("errors.0.index", 1)
	h.As("ada").May("POST "+gemini+"/teams", o{"teams": []o{{"team": "other"}, {"team": "sub", "role": "write"}}}).Has("events.1.type", "assignment.added.v1")
}
