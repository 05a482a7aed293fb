package api_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// now returns a time at which nothing more happens.
func now() string {
	time.Sleep(2 * time.Millisecond)
	at := time.Now().UTC().Format(time.RFC3339Nano)
	time.Sleep(2 * time.Millisecond)
	return at
}

// TestHistoryBeginsWithTheOrganization deletes an organization, whose id the system gives to
// somebody else, who then asks for its past at every door.
func TestHistoryBeginsWithTheOrganization(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	before := now()
	h.As("ada").May("DELETE " + org)
	h.As("").Sees(org + "/members?at=" + before) // what is deleted is in the past of the system
	h.As("").May("POST /v1/organizations", o{"id": "acme", "scheme": "github", "owner": "eve"})
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "add_member", "user": "bob"}, {"type": "create_project", "id": "apollo"}, {"type": "create_team", "id": "core", "name": "Core"},
	}})
	for _, list := range []string{
		"/members", "/projects", "/teams", "/invites", "/members/bob/projects", "/projects/apollo/members", "/projects/apollo/teams", "/teams/core/members",
		"", "/projects/apollo", "/teams/core", "/members/bob", "/reports/broad-access",
	} {
		for _, actor := range []string{"eve", ""} {
			h.As(actor).SeesNo(org+list+"?at="+before, "no_organization")
		}
		h.As("eve").Ask("GET "+org+list+"?former=true&at="+before).Refused(http.StatusForbidden, "system_only")
		h.As("").Sees(org + list + "?former=true&at=" + before)
	}

	access := org + "/projects/apollo/access/bob?at=" + before
	h.As("eve").Sees(access).Has("reason", "not_a_member")
	h.As("").Sees(access).Has("reason", "not_a_member")
	h.As("eve").Ask("GET "+access+"&former=true").Refused(http.StatusForbidden, "system_only")
	h.As("").Sees(access+"&former=true").Has("role", "write")

	question := []o{{"organization": "acme", "user": "bob", "project": "apollo", "permission": "code"}}
	check := func(actor string, former bool) any {
		return h.As(actor).May("POST /v1/access:check", o{"at": before, "questions": question, "former": former}).At("answers.0.allowed")
	}
	assert.Equal(t, false, check("eve", false))
	h.As("").Ask("POST /v1/access:check", o{"at": before, "questions": question}).Refused(http.StatusNotFound, "no_organization")
	h.As("eve").Ask("POST /v1/access:check", o{"at": before, "questions": question, "former": true}).Refused(http.StatusForbidden, "system_only")

	for _, query := range []string{"", "&order=oldest", "&until=" + url.QueryEscape(now())} {
		h.As("eve").Sees(org + "/events?subject=bob" + query).Count(1)
		h.As("").Sees(org + "/events?subject=bob" + query).Count(1)
		h.As("").Sees(org + "/events?former=true&subject=bob" + query).Count(3)
	}
	h.As("eve").Ask("GET "+org+"/events?subject=dan").Refused(http.StatusUnprocessableEntity, "unknown_subject")
	h.As("eve").Ask("GET "+org+"/events?former=true").Refused(http.StatusForbidden, "system_only")
	streams := "/events?since=2026-01-01&type=organization.created.v1&limit=1"
	_, first := follow(t, h.As("eve"), org+streams).next()
	assert.Equal(t, "acme/3/0", first.ID)
	_, first = follow(t, h.As("eve").With("Last-Event-ID", "1.0.0"), org+streams).next()
	assert.NotEqual(t, "acme/1/0", first.ID)
	_, first = follow(t, h.As(""), org+streams+"&former=true").next()
	assert.Equal(t, "acme/1/0", first.ID)
	h.As("eve").With("Accept", "text/event-stream").Ask("GET "+org+"/events?former=true").Refused(http.StatusForbidden, "system_only")

	// The system's own doors to the whole ledger stay open.
	assert.Contains(t, h.As("").Sees("/v1/export/state?organization=acme&at="+before).Body, "dan")
	assert.Contains(t, h.As("").Sees("/v1/events?organization=acme").Body, "dan")
}

// TestPastBeginsWithTheProject deletes a project, and lets others have its id.
func TestPastBeginsWithTheProject(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	before := now()
	h.As("ada").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "delete_project", "project": "apollo"}, {"type": "remove_team", "team": "sub"},
	}})
	h.As("").Sees(org + "/projects/apollo/members?at=" + before)
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_project", "id": "apollo"},
		{"type": "create_team", "id": "sub", "name": "Sub"},
		{"type": "add_project_member", "project": "apollo", "user": "cleo", "role": "admin"},
	}})
	for _, list := range []string{"/projects/apollo/members", "/projects/apollo/teams"} {
		for _, actor := range []string{"cleo", "ada", ""} {
			h.As(actor).SeesNo(org+list+"?at="+before, "no_project")
		}
		h.As("").Sees(org + list + "?former=true&at=" + before)
	}
	for _, actor := range []string{"cleo", "ada", ""} {
		h.As(actor).Sees(org+"/projects/apollo/access/dan?at="+before).Has("reason", "no_such_project")
	}
	h.As("").Sees(org+"/projects/apollo/access/dan?former=true&at="+before).Has("role", "maintain")
	h.As("cleo").Sees(org + "/projects?at=" + before).Count(0)
	h.As("ada").Sees(org + "/projects?at=" + before).Count(1)
	h.As("").Sees(org + "/projects?former=true&at=" + before).Count(2)
	question := []o{{"organization": "acme", "user": "dan", "project": "apollo", "permission": "code"}}
	h.As("cleo").May("POST /v1/access:check", o{"at": before, "questions": question}).Has("answers.0.allowed", false)
	// A secret team of the past does not come to light by a team with its id.
	h.As("cleo").Sees(org+"/teams?at="+before).Lists("items.id", "core")
	h.As("cleo").SeesNo(org+"/teams/sub/members?at="+before, "no_team")
}
