package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// expired is an organization under the scheme github in which things have ended
// without anybody's doing: ada owns it; bob was an administrator until last year,
// cleo is one, but deactivated. On apollo, dan was admin until last year, as eve was
// through the team core.
func expired(t *testing.T) (*apitest.Server, string) {
	t.Helper()
	h := apitest.Start(t)
	const org, year, until = "/v1/organizations/acme", "?occurred_at=2020-01-0", "2020-06-01T00:00:00Z"
	h.As("").May("POST "+org+"/commands"+year+"1T00:00:00Z", o{"commands": []o{
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
	}})
	// These are told to the people whose roles they change.
	h.As("").May("PATCH "+org+"/members/bob"+year+"2T00:00:00Z", o{"role": "admin"})
	h.As("").May("PATCH "+org+"/members/cleo"+year+"2T00:00:00Z", o{"role": "admin"})
	h.As("").May("PATCH "+org+"/projects/apollo/members/dan"+year+"2T00:00:00Z", o{"role": "admin"})
	h.As("").May("PATCH "+org+"/projects/apollo/teams/core"+year+"2T00:00:00Z", o{"role": "admin"})
	h.As("").May("POST " + org + "/members/cleo/deactivate" + year + "3T00:00:00Z")
	return h, org
}

// TestWhoseMembershipHasEndedIsAnOutsider holds for those who are deactivated, too.
func TestWhoseMembershipHasEndedIsAnOutsider(t *testing.T) {
	t.Parallel()
	h, org := expired(t)
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
			h.As(user).Ask(what, body).Refused(http.StatusNotFound, "no_organization")
			dryRun(t, h, h.As(user), what, body).Refused(http.StatusNotFound, "no_organization")
		}
		h.As(user).Ask("DELETE "+org+"/members/"+user).Refused(http.StatusNotFound, "no_organization")
		for _, path := range []string{
			"", "/members", "/members/" + user, "/members/" + user + "/projects", "/invites", "/projects", "/projects/apollo",
			"/projects/apollo/members", "/projects/apollo/teams", "/projects/apollo/access/" + user, "/teams", "/teams/core", "/teams/core/members", "/events",
		} {
			h.As(user).SeesNo(org+path, "no_organization")
		}
		h.As(user).With("Accept", "text/event-stream").SeesNo(org+"/events", "no_organization")
		h.As(user).Sees("/v1/organizations").Count(0)
		h.As(user).Sees("/v1/users/" + user + "/notifications").Count(0)
		question := o{"organization": "acme", "user": user, "project": "apollo", "permission": "code", "level": "view"}
		h.As(user).May("POST /v1/access:check", o{"questions": []o{question}}).Has("answers.0.allowed", false)
		h.As("ada").May("POST /v1/access:check", o{"questions": []o{question}}).Has("answers.0.allowed", false)
		question["user"] = "ada"
		h.As(user).Ask("POST /v1/access:check", o{"questions": []o{question}}).Refused(http.StatusNotFound, "no_organization")
	}
	access := org + "/projects/apollo/access/"
	h.As("ada").Sees(access+"bob").Has("reason", "membership_ended", "role", nil)
	h.As("ada").Sees(access+"cleo").Has("reason", "deactivated", "role", nil)
	h.As("ada").Sees(access+"bob?at=2020-02-01T00:00:00Z").Has("reason", nil, "role", "admin")
}

// TestAGrantThatHasEndedOpensNothing holds for what teams were assigned, too.
func TestAGrantThatHasEndedOpensNothing(t *testing.T) {
	t.Parallel()
	h, org := expired(t)
	apollo := org + "/projects/apollo"
	for _, user := range []string{"dan", "eve"} {
		h.As(user).Ask("PATCH "+apollo, o{"name": "Mine"}).Refused(http.StatusNotFound, "no_project")
		h.As(user).Ask("POST "+apollo+"/members", o{"user": "bob"}).Refused(http.StatusNotFound, "no_project")
		h.As(user).Ask("PATCH "+apollo+"/members/dan", o{"role": "read"}).Refused(http.StatusNotFound, "no_project")
		h.As(user).Ask("DELETE "+apollo).Refused(http.StatusNotFound, "no_project")
		for _, path := range []string{"", "/members", "/teams", "/access/" + user, "/access/ada"} {
			h.As(user).SeesNo(apollo+path, "no_project")
		}
		h.As(user).Sees(org + "/projects").Count(0)
		h.As(user).Sees(org + "/members/" + user + "/projects").Count(0)
		h.As(user).Sees("/v1/users/" + user + "/notifications").Count(0)
		h.As("ada").Sees(apollo+"/access/"+user).Has("reason", "not_on_the_project", "sources.0", nil)
		h.As(user).May("POST /v1/access:check", o{"questions": []o{
			{"organization": "acme", "user": user, "project": "apollo", "permission": "code", "level": "view"},
		}}).Has("answers.0.allowed", false)
	}
	for _, source := range []string{"ledger", "database"} {
		assert.Equal(t, `{"acme":{"ada":{"apollo":"admin"}}}`, h.As("").Sees("/v1/export/access?organization=acme&source="+source).Body, "the export of the %s", source)
	}
	h.As("").Sees("/v1/export/access?organization=acme&at=2020-02-01T00:00:00Z").Has(
		"acme.bob.apollo", "admin", "acme.dan.apollo", "admin", "acme.eve.apollo", "admin", "acme.cleo", nil)
}

// TestWhoIsDeactivatedHearsNoMore follows the audit log live meanwhile.
func TestWhoIsDeactivatedHearsNoMore(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("").May("PATCH "+org+"/members/cleo", o{"role": "admin"})
	stream := follow(t, h.As("cleo"), org+"/events")
	h.As("ada").May("POST "+org+"/projects", o{"id": "p"})
	_, event := stream.next()
	require.Equal(t, "project.created.v1", event.Type, "what cleo hears first")
	stream.next() // ada is on it
	h.As("ada").May("POST " + org + "/members/cleo/deactivate")
	_, event = stream.next()
	assert.Empty(t, event.Type, "cleo hears of what she may not see any more")
	h.As("ada").May("POST " + org + "/members/cleo/reactivate")
	h.As("cleo").Sees(org).Has("role", "admin")
}
