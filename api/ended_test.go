package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// expired is an organization under the scheme github in which things have ended
// without anybody's doing: ada owns it; bob was an administrator until last year,
// cleo is one, but deactivated. On apollo, dan was admin until last year, as eve was
// through the team core.
func expired(t *testing.T) (*testServer, string) {
	t.Helper()
	h := startServer(t)
	const org, year, until = "/v1/organizations/acme", "?occurred_at=2020-01-0", "2020-06-01T00:00:00Z"
	h.system(
		step{"POST " + org + "/commands" + year + "1T00:00:00Z", o{"commands": []o{
			{"type": "create_organization", "scheme": "github", "owner": "ada"},
			{"type": "add_member", "user": "bob", "until": until},
			{"type": "add_member", "user": "cleo"},
			{"type": "add_member", "user": "dan"},
			{"type": "add_member", "user": "eve"},
			{"type": "create_project", "id": "apollo"},
			{"type": "add_project_member", "project": "apollo", "user": "dan", "role": "read", "until": until},
			{"type": "create_team", "id": "core", "name": "Core"},
			{"type": "add_team_member", "team": "core", "user": "eve"},
			{"type": "assign_team", "team": "core", "project": "apollo", "role": "read", "until": until},
		}}},
		// These are told to the people whose roles they change.
		step{"PATCH " + org + "/members/bob" + year + "2T00:00:00Z", o{"role": "admin"}},
		step{"PATCH " + org + "/members/cleo" + year + "2T00:00:00Z", o{"role": "admin"}},
		step{"PATCH " + org + "/projects/apollo/members/dan" + year + "2T00:00:00Z", o{"role": "admin"}},
		step{"PATCH " + org + "/projects/apollo/teams/core" + year + "2T00:00:00Z", o{"role": "admin"}},
		step{"POST " + org + "/members/cleo/deactivate" + year + "3T00:00:00Z", nil},
	)
	return h, org
}

// TestWhoseMembershipHasEndedIsAnOutsider holds for those who are deactivated, too.
func TestWhoseMembershipHasEndedIsAnOutsider(t *testing.T) {
	t.Parallel()
	h, org := expired(t)
	now := h.desk.View().Position
	for _, user := range []string{"bob", "cleo"} {
		for what, body := range map[string]o{
			"POST " + org + "/projects":         {"name": "N"},
			"PATCH " + org + "/projects/apollo": {"name": "N"},
			"POST " + org + "/teams":            {"name": "N"},
			"POST " + org + "/invites":          {"email": "n@example.org"},
			"POST " + org + "/members":          {"user": "n"},
			"PATCH " + org:                      {"name": "N"},
			"POST " + org + "/commands":         {"commands": []o{{"type": "delete_organization"}}},
		} {
			h.as(user).do(what, body).refused(http.StatusNotFound, "no_organization")
			h.as(user).dryRun(what, body).refused(http.StatusNotFound, "no_organization")
		}
		h.as(user).do("DELETE "+org+"/members/"+user, nil).refused(http.StatusNotFound, "no_organization")
		for _, path := range []string{
			"", "/members", "/members/" + user, "/members/" + user + "/projects", "/invites", "/projects", "/projects/apollo",
			"/projects/apollo/members", "/projects/apollo/teams", "/projects/apollo/access/" + user, "/teams", "/teams/core", "/teams/core/members", "/events",
		} {
			h.reads(user, now, org+path).refused(http.StatusNotFound, "no_organization")
		}
		h.as(user, "Accept", "text/event-stream").do("GET "+org+"/events", nil).refused(http.StatusNotFound, "no_organization")
		h.reads(user, now, "/v1/organizations").count(0)
		h.reads(user, now, "/v1/users/"+user+"/notifications").count(0)
		question := o{"organization": "acme", "user": user, "project": "apollo", "permission": "code", "level": "view"}
		h.as(user).do("POST /v1/access:check", o{"questions": []o{question}}).ok().has("answers.0.allowed", false)
		h.as("ada").do("POST /v1/access:check", o{"questions": []o{question}}).ok().has("answers.0.allowed", false)
		question["user"] = "ada"
		h.as(user).do("POST /v1/access:check", o{"questions": []o{question}}).refused(http.StatusNotFound, "no_organization")
	}
	access := "GET " + org + "/projects/apollo/access/"
	h.as("ada").do(access+"bob", nil).ok().has("reason", "membership_ended", "role", nil)
	h.as("ada").do(access+"cleo", nil).ok().has("reason", "deactivated", "role", nil)
	h.as("ada").do(access+"bob?at=2020-02-01T00:00:00Z", nil).ok().has("reason", nil, "role", "admin")
}

// TestAGrantThatHasEndedOpensNothing holds for what teams were assigned, too.
func TestAGrantThatHasEndedOpensNothing(t *testing.T) {
	t.Parallel()
	h, org := expired(t)
	now := h.desk.View().Position
	apollo := org + "/projects/apollo"
	for _, user := range []string{"dan", "eve"} {
		h.as(user).do("PATCH "+apollo, o{"name": "Mine"}).refused(http.StatusNotFound, "no_project")
		h.as(user).do("POST "+apollo+"/members", o{"user": "bob"}).refused(http.StatusNotFound, "no_project")
		h.as(user).do("PATCH "+apollo+"/members/dan", o{"role": "read"}).refused(http.StatusNotFound, "no_project")
		h.as(user).do("DELETE "+apollo, nil).refused(http.StatusNotFound, "no_project")
		for _, path := range []string{"", "/members", "/teams", "/access/" + user, "/access/ada"} {
			h.reads(user, now, apollo+path).refused(http.StatusNotFound, "no_project")
		}
		h.reads(user, now, org+"/projects").count(0)
		h.reads(user, now, org+"/members/"+user+"/projects").count(0)
		h.reads(user, now, "/v1/users/"+user+"/notifications").count(0)
		h.as("ada").do("GET "+apollo+"/access/"+user, nil).ok().has("reason", "not_on_the_project", "sources.0", nil)
		h.as(user).do("POST /v1/access:check", o{"questions": []o{
			{"organization": "acme", "user": user, "project": "apollo", "permission": "code", "level": "view"},
		}}).ok().has("answers.0.allowed", false)
	}
	for _, source := range []string{"ledger", "database"} {
		assert.Equal(t, `{"acme":{"ada":{"apollo":"admin"}}}`, string(h.reads("", now, "/v1/export/access?organization=acme&source="+source).ok().body), "the export of the %s", source)
	}
	h.as("").do("GET /v1/export/access?organization=acme&at=2020-02-01T00:00:00Z", nil).ok().has(
		"acme.bob.apollo", "admin", "acme.dan.apollo", "admin", "acme.eve.apollo", "admin", "acme.cleo", nil)
}

// TestWhoIsDeactivatedHearsNoMore follows the audit log live meanwhile.
func TestWhoIsDeactivatedHearsNoMore(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.as("").do("PATCH "+org+"/members/cleo", o{"role": "admin"}).ok()
	stream := h.as("cleo").follow(org + "/events")
	h.as("ada").do("POST "+org+"/projects", o{"id": "p"}).ok()
	_, event := stream.next()
	require.Equal(t, "project.created.v1", event.Type, "what cleo hears first")
	stream.next() // ada is on it
	h.as("ada").do("POST "+org+"/members/cleo/deactivate", nil).ok()
	_, event = stream.next()
	assert.Empty(t, event.Type, "cleo hears of what she may not see any more")
	h.as("ada").do("POST "+org+"/members/cleo/reactivate", nil).ok()
	h.as("cleo").do("GET "+org, nil).ok().has("role", "admin")
}
