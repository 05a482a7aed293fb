package api_test

import (
	"encoding/csv"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// pathsOfThePast are questions by every operation that takes a time. The reports ask for so
// many days that they list what was made in the test.
var pathsOfThePast = map[string][]string{
	"list_organizations":         {"/v1/organizations?"},
	"get_organization":           {"?"},
	"get_organization_scheme":    {"/scheme?"},
	"list_members":               {"/members?"},
	"get_member":                 {"/members/bob?", "/members/cleo?"},
	"list_member_projects":       {"/members/bob/projects?"},
	"list_invites":               {"/invites?"},
	"list_access_requests":       {"/access-requests?"},
	"list_projects":              {"/projects?"},
	"get_member_holdings":        {"/members/bob/holdings?"},
	"get_project":                {"/projects/apollo?"},
	"list_project_members":       {"/projects/apollo/members?", "/projects/apollo/members?search=write&", "/projects/apollo/members?inactive=true&role=triage&"},
	"list_project_teams":         {"/projects/apollo/teams?", "/projects/apollo/teams?search=cleo&"},
	"search_project":             {"/projects/apollo/search?", "/projects/apollo/search?search=writ&", "/projects/apollo/search?search=cleo&"},
	"list_teams":                 {"/teams?"},
	"get_team":                   {"/teams/core?", "/teams/kernel?"},
	"list_team_members":          {"/teams/kernel/members?"},
	"get_access":                 {"/projects/apollo/access/bob?explain&"},
	"get_organization_access":    {"/access/bob?explain&"},
	"report_pending_invites":     {"/reports/pending-invites?days=0&"},
	"report_broad_access":        {"/reports/broad-access?"},
	"report_projects_per_member": {"/reports/projects-per-member?"},
	"report_project_admins":      {"/reports/project-admins?"},
	"report_similar_logins":      {"/reports/similar-logins?"},
	"report_seats":               {"/reports/seats?"},
	"report_without_owner":       {"/reports/without-owner?"},
	"report_unreviewed_access":   {"/reports/unreviewed-access?days=0&"},
}

// beforeChanges returns an organization under the scheme github, and the time since when it
// is so.
func beforeChanges(t testing.TB) (h *apitest.Server, org, then string) {
	t.Helper()
	h = apitest.Start(t)
	org = "/v1/organizations/acme"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "github", "owner": "ada"},
		{"type": "add_member", "user": "bob", "name": "Bob", "email": "bob@example.org", "login": "Bobby"},
		{"type": "add_member", "user": "bobby"},
		{"type": "add_member", "user": "cleo", "name": "Cleo"},
		{"type": "add_member", "user": "dan"},
		{"type": "create_project", "id": "apollo", "name": "Apollo", "description": "To the moon."},
		{"type": "create_project", "id": "gemini"},
		{"type": "create_team", "id": "core", "name": "Core"},
		{"type": "create_team", "id": "kernel", "name": "Kernel", "parent": "core"},
		{"type": "add_team_member", "team": "kernel", "user": "cleo"},
		{"type": "assign_team", "team": "core", "project": "apollo", "role": "admin"},
		{"type": "add_project_member", "project": "apollo", "user": "bob", "role": "write"},
		{"type": "add_project_member", "project": "apollo", "user": "dan", "role": "triage"},
		{"type": "invite_member", "id": "i1", "email": "eve@example.org", "projects": []o{{"project": "apollo"}, {"project": "gemini"}}},
		{"type": "change_access_requests", "join": "open"},
		{"type": "request_access", "id": "r1", "user": "zoe", "name": "Zoe", "reason": "To help."},
	}})
	h.As("").May("POST " + org + "/members/dan/deactivate")
	then = url.QueryEscape(time.Now().UTC().Format(time.RFC3339Nano))
	time.Sleep(5 * time.Millisecond)
	return h, org, then
}

// withoutActions returns an answer without what is only said of now.
func withoutActions(t testing.TB, body string) any {
	t.Helper()
	var read any
	require.NoError(t, json.Unmarshal([]byte(body), &read))
	var strip func(any)
	strip = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			for _, name := range []string{"actions", "roles", "notices", "at", "may_decide"} {
				delete(value, name)
			}
			for _, inner := range value {
				strip(inner)
			}
		case []any:
			for _, inner := range value {
				strip(inner)
			}
		}
	}
	strip(read)
	return read
}

// TestEveryAnswerAboutThePast asks each question before and after everything in it has changed.
func TestEveryAnswerAboutThePast(t *testing.T) {
	t.Parallel()
	h, org, then := beforeChanges(t)
	var document document
	require.NoError(t, json.Unmarshal([]byte(h.As("").Sees("/openapi.json").Body), &document, json.MatchCaseInsensitiveNames(true)))
	for path, methods := range document.Paths {
		op := methods["get"]
		if path == "/v1/export/state" || path == "/v1/export/access" { // an export has a test of its own
			continue
		}
		if slices.ContainsFunc(op.Parameters, func(p struct{ Name, In string }) bool { return p.Name == "at" }) {
			assert.Contains(t, pathsOfThePast, op.ID, "an operation takes a time and has no question here")
		}
	}
	type question struct{ actor, path string }
	before := map[question]any{}
	for id, paths := range pathsOfThePast {
		for _, actor := range []string{"", "ada"} {
			for _, path := range paths {
				q := question{actor, path}
				if id != "list_organizations" {
					q.path = org + path
				}
				before[q] = withoutActions(t, h.As(actor).Sees(q.path).Body)
			}
		}
	}
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "rename_organization", "name": "Zenith"},
		{"type": "change_profile", "user": "bob", "name": "Robert", "login": "rob"},
		{"type": "change_member_role", "user": "bob", "role": "admin"},
		{"type": "remove_project_member", "project": "apollo", "user": "bob"},
		{"type": "remove_member", "user": "cleo"},
		{"type": "reactivate_member", "user": "dan"},
		{"type": "rename_project", "project": "apollo", "name": "Zeus"},
		{"type": "rename_team", "team": "core", "name": "Heart"},
		{"type": "move_team", "team": "kernel", "parent": ""},
		{"type": "unassign_team", "team": "core", "project": "apollo"},
		{"type": "revoke_invite", "invite": "i1"},
		{"type": "deny_access_request", "request": "r1"},
		{"type": "add_project_member", "project": "gemini", "user": "dan", "role": "admin"},
		{"type": "archive_organization"},
	}})
	for q, was := range before {
		if !strings.Contains(q.path, "without-owner") && !strings.Contains(q.path, "/scheme") { // these stay
			assert.NotEqual(t, was, withoutActions(t, h.As(q.actor).Ask("GET "+q.path).Body), "%q: nothing has changed in %s", q.actor, q.path)
		}
		answer := h.As(q.actor).Sees(q.path + "at=" + then)
		assert.Equal(t, was, withoutActions(t, answer.Body), "%q asks for %s", q.actor, q.path)
		assert.NotContains(t, answer.Body, `"actions":["`, "%q could do something in the past: %s", q.actor, q.path)
	}
}

func TestWhoMayAskForThePast(t *testing.T) {
	t.Parallel()
	h, org, then := beforeChanges(t)
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "add_member", "user": "eve", "role": "admin"},
		{"type": "remove_member", "user": "cleo"},
		{"type": "change_member_role", "user": "ada", "role": "member"},
		{"type": "delete_project", "project": "gemini"},
		{"type": "change_project_member_role", "project": "apollo", "user": "bob", "role": "read"},
	}})
	future, early := "2999-01-01", "2000-01-01"
	for _, tc := range []struct {
		name, actor, path, at string
		status                int
		code                  string
	}{
		{"a report, by who was an admin then", "ada", "/reports/project-admins", then, 403, "not_allowed"},
		{"a report, by who was a member then", "cleo", "/reports/project-admins", then, 404, "no_organization"},
		{"a report in the future", "eve", "/reports/project-admins", future, 422, "time_in_the_future"},
		{"a report before there was the organization", "eve", "/reports/project-admins", early, 404, "no_organization"},
		{"the organization in the future", "eve", "", future, 422, "time_in_the_future"},
		{"the organization before it was there", "eve", "", early, 404, "no_organization"},
		{"a scheme in the future", "eve", "/scheme", future, 422, "time_in_the_future"},
		{"a member in the future", "eve", "/members/bob", future, 422, "time_in_the_future"},
		{"somebody who was no member", "eve", "/members/eve", then, 404, "no_member"},
		{"a project in the future", "eve", "/projects/apollo", future, 422, "time_in_the_future"},
		{"a project that is gone", "eve", "/projects/gemini", then, 404, "no_project"},
		{"a project, by who is deactivated", "dan", "/projects/gemini", then, 404, "no_organization"},
		{"a team that never was", "eve", "/teams/heart", then, 404, "no_team"},
		{"a search in a project that is gone", "eve", "/projects/gemini/search", then, 404, "no_project"},
		{"a search by who is on the project", "bob", "/projects/apollo/search", then, 404, "no_members"},
		{"a time that is none", "eve", "/members/bob", "soon", 400, "malformed"},
	} {
		h.As(tc.actor).Ask("GET "+org+tc.path+"?at="+tc.at).Refused(tc.status, tc.code)
	}
	for _, list := range []string{"/members", "/projects/apollo/members"} {
		h.As("eve").Ask("GET "+org+list+"?role=boss&at="+then).Refused(http.StatusUnprocessableEntity, "unknown_role")
	}
	h.As("").Ask("GET /v1/organizations?at="+future).Refused(http.StatusUnprocessableEntity, "time_in_the_future")

	// Who joined since has the rights of now. What is gone stays hidden, but for the system.
	admins := org + "/reports/project-admins?at=" + then
	h.As("eve").Sees(admins).Count(2).Lists("items.user", "ada", "cleo").Has("items.0.project", "apollo", "items.1.project", "apollo", "items.1.name", "Cleo")
	h.As("").Sees(admins).Count(3).Has("items.2.project", "gemini", "items.2.user", "ada")
	h.As("eve").Sees(org+"/reports/pending-invites?days=0&at="+then).Lists("items.0.projects.project", "apollo")
	h.As("").Sees(org+"/reports/pending-invites?days=0&at="+then).Lists("items.0.projects.project", "apollo", "gemini")
	h.As("eve").Sees(org+"/invites?at="+then).Lists("items.0.projects.project", "apollo")
	h.As("eve").Sees(org+"?at="+then).Has("role", nil, "members", 5)
	h.As("").Sees(org+"?at="+then).Has("projects", 2)
	h.As("eve").Sees(org+"/members/cleo?at="+then).Has("name", "Cleo", "projects", 1, "actions.0", nil)
	h.As("bob").Sees(org+"/projects/apollo?at="+then).Has("role", "write", "notices", nil, "actions.0", nil)

	h.As("").May("DELETE " + org)
	h.As("eve").SeesNo(admins, "no_organization")
	h.As("").Sees(admins).Count(3)
	h.As("").Sees(org+"?at="+then).Has("name", "acme", "members", 5)
	h.As("").Sees(org+"/scheme?at="+then).Has("key", "github")
	h.As("").Sees(org+"/projects/apollo?at="+then).Has("name", "Apollo")
	h.As("").Sees(org+"/teams/kernel?at="+then).Has("parent", "core")
}

func TestOrganizationsOfThePast(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const all = "/v1/organizations"
	for _, id := range []string{"a", "b", "c", "d"} {
		h.As("").May("POST "+all+"?occurred_at=2024-01-01", o{"id": id, "owner": "ada"})
	}
	h.As("").May("POST "+all+"/a/members?occurred_at=2024-02-01", o{"user": "bob", "role": "owner"})
	h.As("").May("POST "+all+"/b/members?occurred_at=2024-02-01", o{"user": "bob"})
	h.As("").May("PATCH "+all+"/b?occurred_at=2024-03-01", o{"name": "Bees"})
	h.As("").May("DELETE " + all + "/c?occurred_at=2024-03-01")
	h.As("").May("POST "+all+"/d/members?occurred_at=2024-03-01", o{"user": "bob"})
	h.As("").May("PATCH "+all+"/b/members/bob?occurred_at=2024-03-02", o{"role": "owner"})
	h.As("").May("DELETE " + all + "/b/members/ada?occurred_at=2024-03-02")
	for _, tc := range []struct {
		name, actor, query string
		ids                []string
	}{
		{"now", "", "", []string{"a", "b", "d"}},
		{"before there was any", "", "at=2023-12-31", []string{}},
		{"with one that was deleted since", "", "at=2024-01-01", []string{"a", "b", "c", "d"}},
		{"after it was deleted", "", "at=2024-03-01", []string{"a", "b", "d"}},
		{"none lacks an owner", "", "without_owner=true&at=2024-01-01", []string{}},
		{"somebody's, before they had joined", "bob", "at=2024-01-01", []string{}},
		{"somebody's, then", "bob", "at=2024-02-01", []string{"a", "b"}},
		{"not those that they left since", "ada", "at=2024-02-01", []string{"a", "d"}},
		{"of a stranger", "zoe", "at=2024-02-01", []string{}},
	} {
		assert.Equal(t, tc.ids, h.As(tc.actor).Sees(all+"?"+tc.query).Texts("items.id"), tc.name)
	}
	h.As("bob").Sees(all+"?at=2024-02-01").Item("id", "b").Has("name", "b", "role", "member", "role_label", "Member")
	h.As("bob").Sees(all+"?at=2024-03-01").Item("id", "b").Has("name", "Bees")
	for _, actor := range []string{"", "bob"} {
		first := h.As(actor).Sees(all+"?limit=1&at=2024-02-01").Lists("items.id", "a")
		h.As(actor).Sees(all+"?limit=1&at=2024-02-01&after="+first.Text("next")).Lists("items.id", "b")
	}
	h.As("").Ask("GET "+all+"?at=2024-02-01&after=nonsense").Refused(http.StatusBadRequest, "bad_cursor")
}

func TestRolesOfThePast(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, day = "/v1/organizations/acme", "?occurred_at=2024-01-0"
	h.As("").May("POST /v1/organizations"+day+"1", o{"id": "acme", "scheme": "campaign", "owner": "ada"})
	h.As("").May("POST "+org+"/roles/organization"+day+"2", o{"role": "auditor", "label": "Auditor", "rank": 5, "levels": o{"billing": "view"}})
	h.As("").May("PATCH "+org+"/roles/organization/auditor/label"+day+"3", o{"label": "Controller"})
	h.As("").May("DELETE " + org + "/roles/organization/auditor" + day + "4")
	scheme := org + "/scheme"
	before := h.As("ada").Sees(scheme + "?at=2024-01-01").Texts("organization_roles.key")
	assert.NotContains(t, before, "auditor")
	h.As("ada").Sees(scheme+"?at=2024-01-02").Part("organization_roles").Item("key", "auditor").Has("label", "Auditor", "custom", true)
	h.As("ada").Sees(scheme+"?at=2024-01-03").Part("organization_roles").Item("key", "auditor").Has("label", "Controller")
	assert.Equal(t, before, h.As("ada").Sees(scheme).Texts("organization_roles.key"))
}

// TestProjectsOfThePastAreCounted asks under a scheme in which everybody sees all projects.
func TestProjectsOfThePastAreCounted(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, day = "/v1/organizations/acme", "?occurred_at=2024-01-0"
	h.As("").May("POST /v1/organizations"+day+"1", o{"id": "acme", "owner": "ada"})
	h.As("").May("POST "+org+"/projects"+day+"2", o{"id": "apollo"})
	h.As("").May("POST "+org+"/projects"+day+"2", o{"id": "gemini"})
	h.As("").May("DELETE " + org + "/projects/gemini" + day + "3")
	h.As("").May("POST "+org+"/projects"+day+"3", o{"id": "voyager"})
	for actor, projects := range map[string]int{"": 2, "ada": 1} {
		h.As(actor).Sees(org + "/projects?at=2024-01-02").Count(projects)
		h.As(actor).Sees(org+"?at=2024-01-02").Has("projects", projects)
	}
}

// TestReportsOfThePastCount has what a report counts from the time that it is about.
func TestReportsOfThePastCount(t *testing.T) {
	t.Parallel()
	h, org := reported(t)
	h.As("").May("POST " + org + "/projects/apollo/members/bob/attest")
	h.As("ada").Sees(org + "/reports/pending-invites?days=30&at=2024-01-30").Count(0)
	h.As("ada").Sees(org+"/reports/pending-invites?days=30&at=2024-02-01").Count(1).Has("items.0.status", "expired", "items.0.reason", "The invite has expired; send it again.")
	h.As("ada").Sees(org+"/reports/pending-invites?days=1&at=2024-01-03").Count(1).Has("items.0.status", "pending", "items.0.email", "eve@example.org")
	h.As("ada").Sees(org + "/reports/unreviewed-access?days=90&at=2024-03-01").Count(0)
	h.As("ada").Sees(org+"/reports/unreviewed-access?days=30&at=2024-03-01").Count(4).Has("items.1.user", "bob", "items.1.attested", nil)

	// The pages of a report about now and of one about the past do not mix.
	now, past := org+"/reports/projects-per-member?limit=1", org+"/reports/projects-per-member?limit=1&at=2024-03-01"
	behind := h.As("ada").Sees(now).Has("items.0.projects", 2).Text("next")
	assert.Equal(t, behind, h.As("ada").Sees(past).Has("items.0.projects", 2).Text("next"))
	h.As("ada").Sees(now+"&after="+behind).Has("items.0.user", "bob", "items.0.projects", 2)
	h.As("ada").Sees(past+"&after="+behind).Has("items.0.user", "bob", "items.0.projects", 1)

	table := h.As("ada").Sees(org + "/reports/projects-per-member?format=csv&at=2024-03-01")
	lines, err := csv.NewReader(strings.NewReader(table.Body)).ReadAll()
	require.NoError(t, err)
	require.Len(t, lines, 5)
	assert.Equal(t, []string{"bob", "Bob"}, lines[2][:2])
	h.As("ada").Ask("GET "+org+"/reports/projects-per-member?format=csv&at=2999-01-01").Refused(http.StatusUnprocessableEntity, "time_in_the_future")
}

// TestEmptyRanges asks for events between two times of which the second is not after the first.
func TestEmptyRanges(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, tc := range []struct{ name, since, until string }{
		{"backwards", "2024-02-01", "2024-01-01"},
		{"from a time to the same", "2024-01-01", "2024-01-01T00:00:00Z"},
		{"to the same time elsewhere", "2024-01-01T00:00:00Z", "2024-01-01T01:00:00%2B01:00"},
	} {
		for _, path := range []string{org + "/events", "/v1/events"} {
			for _, accept := range []string{"application/json", "text/event-stream"} {
				h.As("").With("Accept", accept).Ask("GET "+path+"?since="+tc.since+"&until="+tc.until).
					Refused(http.StatusBadRequest, "malformed").Says("detail", "until", "since", "nothing lies between")
			}
		}
	}
	h.As("").Sees(org + "/events?since=2024-01-01&until=2024-01-01T00:00:00.000001Z").Count(0)
}
