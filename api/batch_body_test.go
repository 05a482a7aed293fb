package api_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestInviteForSomebodyKnown(t *testing.T) {
	t.Parallel()
	h, org := newOrganization(t, "scoped")
	body := o{"id": "i1", "email": "eve@example.org", "user": "eve", "levels": o{"MEMBERS": "view"}, "projects": []o{{"project": "apollo", "levels": o{"WORKFLOWS": "full"}}}}
	sent := h.As("ada").May("POST "+org+"/invites", body)
	accept := "POST " + org + "/invites/i1/accept"
	h.As("fay").Ask(accept, o{"token": sent.At("token")}).Refused(409, "other_user")
	h.As("eve").May(accept, o{"token": sent.At("token")})
	h.As("eve").Sees(org+"/projects/apollo/access/eve").Has("permissions.WORKFLOWS", "full", "permissions.AI_AGENTS", "none")
	h.As("eve").Sees(org + "/members")
	h.As("ada").Ask("POST "+org+"/invites", o{"email": "gus@example.org", "levels": o{"NONE": "view"}}).Refused(422, "unknown_permission").Says("detail", "here; it has GENERAL")
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
