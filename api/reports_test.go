package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// reported is an organization under the scheme github with two years behind it: ada
// owns it, bob writes on apollo and reads gemini, cleo is in a team that administers
// apollo, dan is on nothing; one invite is old, one of today.
func reported(t testing.TB) (h *testServer, org string, now events.Position) {
	t.Helper()
	h = startServer(t)
	org = "/v1/organizations/acme"
	const then = "?occurred_at=2024-01-01T00:00:00Z"
	now = h.system(step{"POST " + org + "/commands" + then, o{"commands": []o{
		{"type": "create_organization", "scheme": "github", "owner": "ada"},
		{"type": "add_member", "user": "bob", "login": "Bob", "name": "=Bob, \"the builder\"", "email": "bob@example.org"},
		{"type": "add_member", "user": "cleo"},
		{"type": "add_member", "user": "dan"},
		{"type": "create_project", "id": "apollo", "name": "Apollo"},
		{"type": "create_project", "id": "gemini"},
		{"type": "create_team", "id": "core", "name": "Core"},
		{"type": "add_team_member", "team": "core", "user": "cleo"},
		{"type": "assign_team", "team": "core", "project": "apollo", "role": "admin"},
		{"type": "add_project_member", "project": "apollo", "user": "bob", "role": "write"},
		{"type": "invite_member", "id": "old", "email": "eve@example.org", "projects": []o{{"project": "apollo"}}},
	}}}, step{"POST " + org + "/commands", o{"commands": []o{
		{"type": "add_project_member", "project": "gemini", "user": "bob", "role": "read"},
		{"type": "invite_member", "id": "new", "email": "zoe@example.org"},
	}}})
	return h, org, now
}

func TestReportOfPendingInvites(t *testing.T) {
	t.Parallel()
	h, org, now := reported(t)
	h.reads("ada", now, org+"/reports/pending-invites").count(1).has("items.0.invite", "old", "items.0.email", "eve@example.org", "items.0.role", "member",
		"items.0.projects.0", "apollo", "items.0.sent.since", "2024-01-01T00:00:00Z", "items.0.expired", true, "next", nil)
	h.reads("ada", now, org+"/reports/pending-invites?days=0").count(2).has("items.0.invite", "old", "items.1.invite", "new", "items.1.expired", false)
	h.as("ada").do("DELETE "+org+"/invites/old", nil).ok()
	h.reads("ada", now, org+"/reports/pending-invites").count(0)
	h.reads("ada", now, org+"/reports/pending-invites?days=-1").refused(http.StatusBadRequest, "malformed")
}

func TestReportsOfReach(t *testing.T) {
	t.Parallel()
	h, org, now := reported(t)
	h.reads("ada", now, org+"/reports/projects-per-member").count(4).
		has("items.0.user", "ada", "items.0.projects", 2, "items.0.full", 2, "items.0.everything", true, "items.0.role", "admin").
		has("items.1.user", "bob", "items.1.login", "Bob", "items.1.email", "bob@example.org", "items.1.projects", 2, "items.1.full", 0, "items.1.everything", false).
		has("items.2.user", "cleo", "items.2.projects", 1, "items.2.full", 1).
		has("items.3.user", "dan", "items.3.projects", 0)
	h.reads("ada", now, org+"/reports/broad-access").count(2).has("items.0.user", "ada", "items.1.user", "cleo")
	// Who has everything in the organization is told whatever the number.
	h.reads("ada", now, org+"/reports/broad-access?projects=2").count(1).has("items.0.user", "ada")
	h.system(step{"POST " + org + "/members/bob/deactivate", nil})
	h.reads("ada", now, org+"/reports/projects-per-member").count(3).has("items.1.user", "cleo")
}

func TestReportsOfHoldings(t *testing.T) {
	t.Parallel()
	h, org, now := reported(t)
	h.reads("ada", now, org+"/reports/project-admins").count(3).
		has("items.0.project", "apollo", "items.0.project_name", "Apollo", "items.0.user", "ada", "items.0.role", "admin").
		has("items.1.project", "apollo", "items.1.user", "cleo", "items.1.since", "2024-01-01T00:00:00Z").
		has("items.2.project", "gemini", "items.2.user", "ada")
	unreviewed := org + "/reports/unreviewed-access"
	h.reads("ada", now, unreviewed).count(4).
		has("items.0.user", "ada", "items.1.user", "bob", "items.1.project", "apollo", "items.1.role", "write", "items.1.attested", nil, "items.2.user", "cleo", "items.3.project", "gemini", "items.3.user", "ada")
	// A grant of today is old enough where no days are asked for.
	h.reads("ada", now, unreviewed+"?days=0").count(5)
	h.system(step{"POST " + org + "/projects/apollo/members/bob/attest", nil})
	h.reads("ada", now, unreviewed).count(3).has("items.1.user", "cleo")
	h.reads("ada", now, org+"/reports/unreviewed-access?days=0").count(5).has("items.1.user", "bob", "items.1.attested.by", nil)
}

func TestReportsComeByPage(t *testing.T) {
	t.Parallel()
	h, org, now := reported(t)
	for report, want := range map[string]string{
		"pending-invites?days=0&": "[old] [new]", "broad-access?": "[ada] [cleo]",
		"projects-per-member?": "[ada] [bob] [cleo] [dan]", "project-admins?": "[apollo ada] [apollo cleo] [gemini ada]",
	} {
		var found []string
		for after := ""; ; {
			page := h.reads("ada", now, org+"/reports/"+report+"limit=1&after="+after).count(1)
			var keys []string
			for _, key := range []string{"invite", "project", "user"} {
				if id, is := page.at("items.0." + key).(string); is {
					keys = append(keys, id)
				}
			}
			found = append(found, fmt.Sprint(keys))
			if after, _ = page.at("next").(string); after == "" {
				break
			}
		}
		assert.Equal(t, want, strings.Join(found, " "), "%s tells", report)
	}
	// A page goes on behind what is gone meanwhile.
	first := h.reads("ada", now, org+"/reports/projects-per-member?limit=2").count(2)
	h.as("ada").do("DELETE "+org+"/members/bob", nil).ok()
	next, _ := first.at("next").(string)
	h.reads("ada", now, org+"/reports/projects-per-member?limit=2&after="+next).count(2).has("items.0.user", "cleo")
	h.reads("ada", now, org+"/reports/projects-per-member?after=nonsense").refused(http.StatusBadRequest, "bad_cursor")
}

func TestReportsAsTables(t *testing.T) {
	t.Parallel()
	h, org, now := reported(t)
	table := h.reads("ada", now, org+"/reports/projects-per-member?format=csv&limit=1").ok()
	assert.Equal(t, "text/csv; charset=utf-8; header=present", table.header.Get("Content-Type"), "the table")
	assert.Equal(t, "user,login,name,email,role,projects,full,everything\r\nada,ada,,,admin,2,2,true\r\n"+
		"bob,Bob,\"'=Bob, \"\"the builder\"\"\",bob@example.org,member,2,0,false\r\ncleo,cleo,,,member,1,1,false\r\ndan,dan,,,member,0,0,false\r\n", string(table.body), "the table")
	for report, lines := range map[string]int{"pending-invites?": 2, "broad-access?": 3, "project-admins?": 4, "unreviewed-access?": 5} {
		found, err := csv.NewReader(strings.NewReader(string(h.reads("ada", now, org+"/reports/"+report+"format=csv").ok().body))).ReadAll()
		require.NoError(t, err, "%s has the lines", report)
		assert.Len(t, found, lines, "%s has the lines", report)
	}
	h.reads("ada", now, org+"/reports/broad-access?format=xml").refused(http.StatusBadRequest, "malformed")
}

// TestALongReportIsOneTable has more lines than are completed together.
func TestALongReportIsOneTable(t *testing.T) {
	t.Parallel()
	h, org, _ := reported(t)
	many := make([]o, 997)
	for i := range many {
		many[i] = o{"type": "add_member", "user": fmt.Sprintf("u%03d", i), "login": fmt.Sprintf("U%03d", i)}
	}
	now := h.system(step{"POST " + org + "/commands", o{"commands": many}})
	found, err := csv.NewReader(strings.NewReader(string(h.reads("ada", now, org+"/reports/projects-per-member?format=csv").ok().body))).ReadAll()
	require.NoError(t, err)
	last := found[len(found)-1]
	require.Len(t, found, 1002)
	assert.Equal(t, "U996", last[1])
}

func TestReportsAreForThoseWhoSeeReports(t *testing.T) {
	t.Parallel()
	h, org, now := reported(t)
	for _, report := range []string{"pending-invites", "broad-access", "projects-per-member", "project-admins", "unreviewed-access"} {
		for _, format := range []string{"json", "csv"} {
			path := org + "/reports/" + report + "?format=" + format
			h.reads("", now, path).ok()
			h.reads("bob", now, path).refused(http.StatusForbidden, "not_allowed")
			h.reads("zoe", now, path).refused(http.StatusNotFound, "no_organization")
		}
	}
}

// TestReportsTellOfNoProjectThatTheReaderDoesNotSee asks under a scheme that lets
// people read reports who are not on every project.
func TestReportsTellOfNoProjectThatTheReaderDoesNotSee(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	const org = "/v1/organizations/acme"
	now := h.system(step{"POST " + org + "/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "agency", "owner": "ada"},
		{"type": "add_member", "user": "bob", "role": "agency_owner"},
		{"type": "create_project", "id": "apollo"},
		{"type": "create_project", "id": "gemini"},
		{"type": "add_project_member", "project": "apollo", "user": "bob"},
		{"type": "invite_member", "id": "i1", "email": "eve@example.org", "projects": []o{{"project": "apollo"}, {"project": "gemini"}}},
	}}})
	for path, want := range map[string]int{"/reports/project-admins": 2, "/reports/unreviewed-access?days=0": 2, "/reports/pending-invites?days=0": 1} {
		got := h.reads("bob", now, org+path).count(want)
		assert.NotContains(t, string(got.body), "gemini", "%s tells bob of gemini", path)
		assert.Contains(t, string(h.reads("ada", now, org+path).ok().body), "gemini", "%s does not tell ada of gemini", path)
	}
}
