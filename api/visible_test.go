package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// githubOrganization is an organization under the scheme github: ada owns it, bob maintains
// the secret team sub below core, which writes on apollo; cleo is on nothing, dan
// reads apollo directly.
func githubOrganization(t testing.TB) (*apitest.Server, string) {
	t.Helper()
	h := apitest.Start(t)
	const org = "/v1/organizations/acme"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
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
	}})
	return h, org
}

func TestPeopleSeeWhatTheyMay(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
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
		got := h.As(tc.actor).Ask("GET " + tc.path)
		switch {
		case tc.code != "":
			got.Refused(tc.status, tc.code)
		case tc.count >= 0:
			got.Count(tc.count)
		default:
			got.OK()
		}
	}
}

// TestOrganizationsAreApart asks, as a member of another organization, every
// question and gives every command without a body that the document knows.
func TestOrganizationsAreApart(t *testing.T) {
	t.Parallel()
	h, _ := githubOrganization(t)
	h.As("zoe").May("POST /v1/organizations", o{"id": "other"})
	var document struct {
		Paths map[string]map[string]struct {
			RequestBody map[string]any `json:"requestBody"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal([]byte(h.As("").Sees("/openapi.json").Body), &document))
	places := strings.NewReplacer("{org}", "acme", "{project}", "apollo", "{team}", "core", "{user}", "bob", "{invite}", "i1",
		"{kind}", "organization", "{role}", "member", "{permission}", "code")
	asked := 0
	for path, methods := range document.Paths {
		for method, operation := range methods {
			if !strings.Contains(path, "{org}") || operation.RequestBody != nil {
				continue
			}
			asked++
			got := h.As("zoe").Ask(strings.ToUpper(method)+" "+places.Replace(path)).Refused(http.StatusNotFound, "no_organization")
			assert.NotContains(t, got.Body, "Apollo", "the answer tells of the project")
		}
	}
	assert.GreaterOrEqual(t, asked, 20, "only routes were asked")
	about := []o{{"organization": "acme", "user": "bob", "project": "apollo", "permission": "code"}}
	h.As("zoe").Ask("POST /v1/access:check", o{"questions": about}).Refused(http.StatusNotFound, "no_organization")
	h.As("zoe").Ask("POST /v1/organizations/acme/commands", o{"commands": []o{{"type": "delete_organization"}}}).Refused(http.StatusNotFound, "no_organization")
	h.As("zoe").Sees("/v1/organizations").Count(1).Has("items.0.id", "other")
}

func TestSecretTeamsAreNotNamed(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, path := range []string{
		org + "/projects/apollo/members", org + "/projects/apollo/teams", org + "/projects/apollo/access/bob?explain",
		org + "/members/bob/projects", org + "/teams", org + "/teams?search=hidden",
	} {
		got := h.As("dan").Sees(path)
		assert.NotContains(t, got.Body, "Hidden", "%s tells dan of a secret team", path)
		assert.NotContains(t, got.Body, `"sub"`, "%s tells dan of a secret team", path)
		if !strings.Contains(path, "/projects/apollo/teams") {
			assert.Contains(t, h.As("ada").Sees(path).Body, "Hidden Heroes", "%s does not tell ada of the team", path)
		}
	}
	h.As("dan").Sees(org+"/projects/apollo/access/bob?explain").Has("role", "write", "sources.0.kind", "team", "sources.0.team", "core",
		"sources.0.via", nil, "sources.0.entered.event", "acme/1/9",
		"permissions.code", "full")
}

func TestAccessNowAndThen(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, day = "/v1/organizations/acme", "?occurred_at=2024-01-0"
	h.As("").May("POST /v1/organizations"+day+"1T00:00:00Z", o{"id": "acme", "scheme": "github", "owner": "ada"})
	h.As("").May("POST "+org+"/members"+day+"2T00:00:00Z", o{"user": "bob"})
	h.As("").May("POST "+org+"/projects"+day+"3T00:00:00Z", o{"id": "apollo"})
	h.As("").May("POST "+org+"/projects/apollo/members"+day+"4T00:00:00Z", o{"user": "bob", "role": "triage"})
	h.As("").May("PATCH "+org+"/projects/apollo/members/bob"+day+"5T00:00:00Z", o{"role": "admin"})
	h.As("").May("DELETE " + org + "/members/bob" + day + "6T00:00:00Z")
	access := org + "/projects/apollo/access/bob"
	h.As("").Sees(access).Has("reason", "not_a_member", "role", nil)
	h.As("").Sees(access+"?at=2024-01-05T12:00:00Z&explain").Has("role", "admin", "sources.0.event", "acme/5/0",
		"explanation", "bob is admin on apollo: direct (admin), granted 2024-01-05 by the system.")
	h.As("").Sees(access+"?at=2024-01-04T00:00:00Z&explain=false").Has("role", "triage", "sources.0.event", "acme/4/0", "explanation", nil)
	h.As("").Sees(access+"?at=2024-01-03T00:00:00Z").Has("reason", "not_on_the_project", "permissions.code", "none")
	h.As("").Sees(access+"?at=2024-01-02T00:00:00Z").Has("reason", "no_such_project")
	h.As("").Sees(access+"?at=2023-01-01T00:00:00Z").Has("reason", "not_a_member")
	h.As("").Ask("GET "+access+"?at=2999-01-01T00:00:00Z").Refused(http.StatusUnprocessableEntity, "time_in_the_future")
	h.As("ada").Sees(access+"?at=2024-01-04T00:00:00Z").Has("role", "triage")
	h.As("bob").SeesNo(access+"?at=2024-01-04T00:00:00Z", "no_organization")
	h.As("").Sees(access+"?at=2023-01-01T00:00:00Z&explain").Has("explanation",
		"bob has no access to apollo: not in the organization; invite them to the organization first.")

	// The past of an organization stays when the organization goes.
	h.As("").May("DELETE " + org)
	h.As("").SeesNo(access, "no_organization")
	h.As("").Sees(access+"?at=2024-01-05T12:00:00Z").Has("role", "admin")
	h.As("ada").SeesNo(access+"?at=2024-01-05T12:00:00Z", "no_organization")
}

func TestNotificationsAreShownUntilMarked(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h.As("ada").May("PATCH "+org+"/projects/apollo/members/dan", o{"role": "admin"})
	h.As("ada").May("PATCH "+org+"/members/cleo", o{"role": "admin"})
	h.As("ada").May("PATCH "+org+"/projects/apollo/teams/core", o{"role": "admin"})
	listed := h.As("dan").Sees("/v1/users/dan/notifications").Count(1).Has("items.0.project", "apollo", "items.0.from", "maintain", "items.0.to", "admin", "items.0.shown_at", nil)
	id := listed.Text("items.0.id")

	project := org + "/projects/apollo"
	h.As("ada").Sees(project).Has("notices", nil)
	h.As("").Sees(project).Has("notices", nil)
	h.As("ada").Sees(project+"/access/bob").Has("notices", nil)
	h.As("bob").Sees(project+"/access/bob").Has("notices.0.to", "admin")
	h.As("cleo").Sees(org).Has("notices.0.to", "admin", "notices.0.project", nil)
	h.As("dan").May("HEAD " + project)
	h.As("dan").Sees(project).Has("notices.0.to", "admin", "notices.0.id", id)

	shown, ids := "POST /v1/users/dan/notifications/shown", o{"ids": []string{id, id}}
	h.As("bob").Ask(shown, ids).Refused(http.StatusForbidden, "not_yours")
	h.As("bob").Ask("POST /v1/users/bob/notifications/shown", ids).Refused(http.StatusNotFound, "no_notification")
	h.As("dan").Ask(shown, o{"ids": []string{id, "none"}}).Refused(http.StatusNotFound, "no_notification")
	h.As("dan").Ask(shown, o{"ids": []string{}}).Refused(http.StatusBadRequest, "malformed")
	h.As("dan").Sees(project).Has("notices.0.id", id, "notices.0.shown_at", nil)
	h.As("dan").May(shown, ids)
	h.As("dan").Sees(project).Has("notices", nil)
	marked := h.As("dan").Sees("/v1/users/dan/notifications").Text("items.0.shown_at")
	h.As("dan").May(shown, ids)
	h.As("dan").Sees("/v1/users/dan/notifications").Has("items.0.shown_at", marked)

	acknowledge := "POST /v1/users/dan/notifications/" + id + "/acknowledge"
	h.As("bob").Ask(acknowledge).Refused(http.StatusForbidden, "not_yours")
	h.As("dan").Ask("POST /v1/users/dan/notifications/none/acknowledge").Refused(http.StatusNotFound, "no_notification")
	h.As("dan").May(acknowledge)
	h.As("cleo").May("POST /v1/users/cleo/notifications/" + h.As("cleo").Sees(org).Text("notices.0.id") + "/acknowledge")
	h.As("cleo").Sees(org).Has("notices", nil)
	assert.NotNil(t, h.As("").Sees("/v1/users/dan/notifications").Count(1).At("items.0.acknowledged_at"), "the notification is not acknowledged")
}
