package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// githubOrganization is an organization under the scheme github: ada owns it, bob maintains
// the secret team sub below core, which writes on apollo; cleo is on nothing, dan
// reads apollo directly.
func githubOrganization(t testing.TB) (*testServer, string) {
	t.Helper()
	h := startServer(t)
	const org = "/v1/organizations/acme"
	h.system(step{"POST " + org + "/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "github", "owner": "ada"},
		{"type": "add_member", "user": "bob", "name": "Bob Bobson", "email": "bob@example.org"},
		{"type": "add_member", "user": "cleo"},
		{"type": "add_member", "user": "dan"},
		{"type": "create_project", "id": "apollo", "name": "Apollo"},
		{"type": "create_project", "id": "gemini"},
		{"type": "create_team", "id": "core", "name": "Core"},
		{"type": "create_team", "id": "sub", "name": "Hidden Heroes", "parent": "core", "privacy": "secret"},
		{"type": "add_team_member", "team": "sub", "user": "bob", "role": "maintainer"},
		{"type": "assign_team", "team": "core", "project": "apollo", "role": "write"},
		{"type": "add_project_member", "project": "apollo", "user": "dan", "role": "maintain"},
		{"type": "invite_member", "id": "i1", "email": "eve@example.org", "projects": []o{{"project": "apollo"}}},
	}}})
	return h, org
}

func TestPeopleSeeWhatTheyMay(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	now := h.desk.View().Position
	for _, tc := range []struct {
		actor, path string
		status      int
		code        string
		count       int // of items, where it succeeds; negative: not a list
	}{
		{"", "/v1/organizations", 200, "", 1},
		{"bob", "/v1/organizations", 200, "", 1},
		{"zoe", "/v1/organizations", 200, "", 0},
		{"bob", org, 200, "", -1},
		{"zoe", org, 404, "no_organization", 0},
		{"bob", org + "/members", 200, "", 4},
		{"bob", org + "/members?search=bobson", 200, "", 1},
		{"bob", org + "/members?role=admin", 200, "", 1},
		{"cleo", org + "/members/bob", 200, "", -1},
		{"cleo", org + "/members/zoe", 404, "no_member", 0},
		{"ada", org + "/invites", 200, "", 1},
		{"bob", org + "/invites", 403, "not_allowed", 0},
		{"ada", org + "/projects", 200, "", 2},
		{"bob", org + "/projects", 200, "", 1},
		{"cleo", org + "/projects", 200, "", 0},
		{"bob", org + "/projects/apollo", 200, "", -1},
		{"bob", org + "/projects/gemini", 404, "no_project", 0},
		{"cleo", org + "/projects/apollo", 404, "no_project", 0},
		{"dan", org + "/projects/apollo/members", 200, "", 3},
		{"dan", org + "/projects/apollo/members?source=team", 200, "", 1},
		{"dan", org + "/projects/apollo/members?role=maintain", 200, "", 1},
		{"cleo", org + "/projects/apollo/members", 404, "no_project", 0},
		{"dan", org + "/projects/apollo/teams", 200, "", 1},
		{"bob", org + "/members/bob/projects", 200, "", 1},
		{"ada", org + "/members/bob/projects", 200, "", 1},
		{"cleo", org + "/members/bob/projects", 200, "", 0},
		{"ada", org + "/members/zoe/projects", 404, "no_member", 0},
		{"ada", org + "/teams", 200, "", 2},
		{"bob", org + "/teams", 200, "", 2},
		{"cleo", org + "/teams", 200, "", 1},
		{"bob", org + "/teams/sub", 200, "", -1},
		{"cleo", org + "/teams/sub", 404, "no_team", 0},
		{"cleo", org + "/teams/core", 200, "", -1},
		{"bob", org + "/teams/sub/members", 200, "", 1},
		{"cleo", org + "/teams/sub/members", 404, "no_team", 0},
		{"cleo", org + "/teams/core/members", 200, "", 0},
		{"bob", org + "/projects/apollo/access/bob", 200, "", -1},
		{"bob", org + "/projects/gemini/access/bob", 404, "no_project", 0},
		{"dan", org + "/projects/apollo/access/bob", 200, "", -1},
		{"cleo", org + "/projects/apollo/access/bob", 404, "no_project", 0},
		{"ada", org + "/events", 200, "", 13},
		{"bob", org + "/events", 403, "not_allowed", 0},
		{"bob", "/v1/events", 403, "system_only", 0},
		{"bob", "/v1/export/state", 403, "system_only", 0},
		{"bob", "/v1/export/access", 403, "system_only", 0},
		{"bob", "/metrics", 403, "system_only", 0},
		{"bob", "/v1/users/bob/notifications", 200, "", 0},
		{"bob", "/v1/users/ada/notifications", 403, "not_yours", 0},
	} {
		got := h.reads(tc.actor, now, tc.path)
		switch {
		case tc.code != "":
			got.refused(tc.status, tc.code)
		case tc.count >= 0:
			got.count(tc.count)
		default:
			got.ok()
		}
	}
}

// TestOrganizationsAreApart asks, as a member of another organization, every
// question and gives every command without a body that the document knows.
func TestOrganizationsAreApart(t *testing.T) {
	t.Parallel()
	h, _ := githubOrganization(t)
	h.as("zoe").do("POST /v1/organizations", o{"id": "other"}).ok()
	var document struct {
		Paths map[string]map[string]struct {
			RequestBody map[string]any `json:"requestBody"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(h.as("").do("GET /openapi.json", nil).ok().body, &document))
	places := strings.NewReplacer("{org}", "acme", "{project}", "apollo", "{team}", "core", "{user}", "bob", "{invite}", "i1",
		"{kind}", "organization", "{role}", "member", "{permission}", "code")
	asked := 0
	for path, methods := range document.Paths {
		for method, operation := range methods {
			if !strings.Contains(path, "{org}") || operation.RequestBody != nil {
				continue
			}
			asked++
			got := h.as("zoe").do(strings.ToUpper(method)+" "+places.Replace(path), nil).refused(http.StatusNotFound, "no_organization")
			assert.NotContains(t, string(got.body), "Apollo", "the answer tells of the project")
		}
	}
	assert.GreaterOrEqual(t, asked, 20, "only routes were asked")
	about := []o{{"organization": "acme", "user": "bob", "project": "apollo", "permission": "code"}}
	h.as("zoe").do("POST /v1/access:check", o{"questions": about}).refused(http.StatusNotFound, "no_organization")
	h.as("zoe").do("POST /v1/organizations/acme/commands", o{"commands": []o{{"type": "delete_organization"}}}).refused(http.StatusNotFound, "no_organization")
	h.reads("zoe", h.desk.View().Position, "/v1/organizations").count(1).has("items.0.id", "other")
}

func TestSecretTeamsAreNotNamed(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	now := h.desk.View().Position
	for _, path := range []string{
		org + "/projects/apollo/members", org + "/projects/apollo/teams", org + "/projects/apollo/access/bob?explain",
		org + "/members/bob/projects", org + "/teams", org + "/teams?search=hidden",
	} {
		got := h.reads("dan", now, path).ok()
		assert.NotContains(t, string(got.body), "Hidden", "%s tells dan of a secret team", path)
		assert.NotContains(t, string(got.body), `"sub"`, "%s tells dan of a secret team", path)
		if !strings.Contains(path, "/projects/apollo/teams") {
			assert.Contains(t, string(h.reads("ada", now, path).ok().body), "Hidden Heroes", "%s does not tell ada of the team", path)
		}
	}
	h.reads("dan", now, org+"/projects/apollo/access/bob?explain").has("role", "write", "sources.0.kind", "team", "sources.0.team", "core",
		"sources.0.via", nil, "sources.0.entered.event", "acme/1/9",
		"permissions.code", "full")
}

func TestAccessNowAndThen(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	const org, day = "/v1/organizations/acme", "?occurred_at=2024-01-0"
	h.system(
		step{"POST /v1/organizations" + day + "1T00:00:00Z", o{"id": "acme", "scheme": "github", "owner": "ada"}},
		step{"POST " + org + "/members" + day + "2T00:00:00Z", o{"user": "bob"}},
		step{"POST " + org + "/projects" + day + "3T00:00:00Z", o{"id": "apollo"}},
		step{"POST " + org + "/projects/apollo/members" + day + "4T00:00:00Z", o{"user": "bob", "role": "triage"}},
		step{"PATCH " + org + "/projects/apollo/members/bob" + day + "5T00:00:00Z", o{"role": "admin"}},
		step{"DELETE " + org + "/members/bob" + day + "6T00:00:00Z", nil},
	)
	access := "GET " + org + "/projects/apollo/access/bob"
	h.as("").do(access, nil).ok().has("reason", "not_a_member", "role", nil)
	h.as("").do(access+"?at=2024-01-05T12:00:00Z&explain", nil).ok().has("role", "admin", "sources.0.event", "acme/5/0",
		"explanation", "bob is admin on apollo: direct (admin), granted 2024-01-05 by the system.")
	h.as("").do(access+"?at=2024-01-04T00:00:00Z&explain=false", nil).ok().has("role", "triage", "sources.0.event", "acme/4/0", "explanation", nil)
	h.as("").do(access+"?at=2024-01-03T00:00:00Z", nil).ok().has("reason", "not_on_the_project", "permissions.code", "none")
	h.as("").do(access+"?at=2024-01-02T00:00:00Z", nil).ok().has("reason", "no_such_project")
	h.as("").do(access+"?at=2023-01-01T00:00:00Z", nil).ok().has("reason", "not_a_member")
	h.as("").do(access+"?at=2999-01-01T00:00:00Z", nil).refused(http.StatusUnprocessableEntity, "time_in_the_future")
	h.as("ada").do(access+"?at=2024-01-04T00:00:00Z", nil).ok().has("role", "triage")
	h.as("bob").do(access+"?at=2024-01-04T00:00:00Z", nil).refused(http.StatusNotFound, "no_organization")
	h.as("").do(access+"?at=2023-01-01T00:00:00Z&explain", nil).ok().has("explanation",
		"bob has no access to apollo: not in the organization; invite them to the organization first.")

	// The past of an organization stays when the organization goes.
	h.as("").do("DELETE "+org, nil).ok()
	h.as("").do(access, nil).refused(http.StatusNotFound, "no_organization")
	h.as("").do(access+"?at=2024-01-05T12:00:00Z", nil).ok().has("role", "admin")
	h.as("ada").do(access+"?at=2024-01-05T12:00:00Z", nil).refused(http.StatusNotFound, "no_organization")
}

func TestNotificationsAreToldOnce(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.as("ada").do("PATCH "+org+"/projects/apollo/members/dan", o{"role": "admin"}).ok()
	h.as("ada").do("PATCH "+org+"/members/cleo", o{"role": "admin"}).ok()
	now := h.as("ada").do("PATCH "+org+"/projects/apollo/teams/core", o{"role": "admin"}).ok().position()
	listed := h.reads("dan", now, "/v1/users/dan/notifications").count(1).has("items.0.project", "apollo", "items.0.from", "maintain", "items.0.to", "admin", "items.0.shown_at", nil)
	id, _ := listed.at("items.0.id").(string)

	project := "GET " + org + "/projects/apollo"
	h.as("ada").do(project, nil).ok().has("notices", nil)
	h.as("").do(project, nil).ok().has("notices", nil)
	h.as("dan").awaitNotices(project).has("notices.0.to", "admin", "notices.0.id", id)
	h.as("dan").do(project, nil).ok().has("notices", nil)
	h.as("ada").do(project+"/access/bob", nil).ok().has("notices", nil)
	h.as("bob").awaitNotices(project+"/access/bob").has("notices.0.to", "admin")
	h.as("bob").do(project, nil).ok().has("notices", nil)
	h.as("cleo").awaitNotices("GET "+org).has("notices.0.to", "admin", "notices.0.project", nil)
	h.as("cleo").do("GET "+org, nil).ok().has("notices", nil)

	acknowledge := "POST /v1/users/dan/notifications/" + id + "/acknowledge"
	h.as("bob").do(acknowledge, nil).refused(http.StatusForbidden, "not_yours")
	h.as("dan").do("POST /v1/users/dan/notifications/none/acknowledge", nil).refused(http.StatusNotFound, "no_notification")
	h.as("dan").do(acknowledge, nil).ok()
	assert.NotNil(t, h.reads("", now, "/v1/users/dan/notifications").count(1).at("items.0.acknowledged_at"), "the notification is not acknowledged")
}
