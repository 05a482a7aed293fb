package api_test

import (
	"encoding/csv"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// reported is an organization under the scheme github with two years behind it: ada
// owns it, bob writes on apollo and reads gemini, cleo is in a team that administers
// apollo, dan is on nothing; one invite is old, one of today.
func reported(t testing.TB) (h *apitest.Server, org string) {
	t.Helper()
	h = apitest.Start(t)
	org = "/v1/organizations/acme"
	const then = "?occurred_at=2024-01-01T00:00:00Z"
	h.As("").May("POST "+org+"/commands"+then, o{"commands": []o{
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
	}})
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "add_project_member", "project": "gemini", "user": "bob", "role": "read"},
		{"type": "invite_member", "id": "new", "email": "zoe@example.org"},
	}})
	return h, org
}

func TestReportOfPendingInvites(t *testing.T) {
	t.Parallel()
	h, org := reported(t)
	h.As("ada").Sees(org+"/reports/pending-invites").Count(1).Has("items.0.invite", "old", "items.0.email", "eve@example.org", "items.0.role", "member",
		"items.0.projects.0.project", "apollo", "items.0.projects.0.name", "Apollo", "items.0.sent.since", "2024-01-01T00:00:00Z", "items.0.status", "expired", "items.0.reason", "The invite has expired; send it again.", "next", nil)
	h.As("ada").Sees(org+"/reports/pending-invites?days=0").Count(2).Has("items.0.invite", "old", "items.1.invite", "new", "items.1.status", "pending")
	h.As("ada").May("DELETE " + org + "/invites/old")
	h.As("ada").Sees(org + "/reports/pending-invites").Count(0)
	h.As("ada").Ask("GET "+org+"/reports/pending-invites?days=-1").Refused(http.StatusBadRequest, "malformed")
}

func TestReportsOfReach(t *testing.T) {
	t.Parallel()
	h, org := reported(t)
	h.As("ada").Sees(org+"/reports/projects-per-member").Count(4).
		Has("items.0.user", "ada", "items.0.projects", 2, "items.0.full", 2, "items.0.everything", true, "items.0.role", "admin").
		Has("items.1.user", "bob", "items.1.login", "Bob", "items.1.email", "bob@example.org", "items.1.projects", 2, "items.1.full", 0, "items.1.everything", false).
		Has("items.2.user", "cleo", "items.2.projects", 1, "items.2.full", 1).
		Has("items.3.user", "dan", "items.3.projects", 0)
	h.As("ada").Sees(org+"/reports/broad-access").Count(2).Has("items.0.user", "ada", "items.1.user", "cleo")
	// Who has everything in the organization is told whatever the number.
	h.As("ada").Sees(org+"/reports/broad-access?projects=2").Count(1).Has("items.0.user", "ada")
	h.As("").May("POST " + org + "/members/bob/deactivate")
	h.As("ada").Sees(org+"/reports/projects-per-member").Count(3).Has("items.1.user", "cleo")
}

func TestReportsOfHoldings(t *testing.T) {
	t.Parallel()
	h, org := reported(t)
	h.As("ada").Sees(org+"/reports/project-admins").Count(3).
		Has("items.0.project", "apollo", "items.0.project_name", "Apollo", "items.0.user", "ada", "items.0.role", "admin").
		Has("items.1.project", "apollo", "items.1.user", "cleo", "items.1.since", "2024-01-01T00:00:00Z").
		Has("items.2.project", "gemini", "items.2.user", "ada")
	unreviewed := org + "/reports/unreviewed-access"
	h.As("ada").Sees(unreviewed).Count(4).
		Has("items.0.user", "ada", "items.1.user", "bob", "items.1.project", "apollo", "items.1.role", "write", "items.1.attested", nil, "items.2.user", "cleo", "items.3.project", "gemini", "items.3.user", "ada")
	// A grant of today is old enough where no days are asked for.
	h.As("ada").Sees(unreviewed + "?days=0").Count(5)
	h.As("").May("POST " + org + "/projects/apollo/members/bob/attest")
	h.As("ada").Sees(unreviewed).Count(3).Has("items.1.user", "cleo")
	h.As("ada").Sees(org+"/reports/unreviewed-access?days=0").Count(5).Has("items.1.user", "bob", "items.1.attested.by", nil)
}

func TestReportsComeByPage(t *testing.T) {
	t.Parallel()
	h, org := reported(t)
	for report, want := range map[string]string{
		"pending-invites?days=0&": "[old] [new]", "broad-access?": "[ada] [cleo]",
		"projects-per-member?": "[ada] [bob] [cleo] [dan]", "project-admins?": "[apollo ada] [apollo cleo] [gemini ada]",
	} {
		var found []string
		for after := ""; ; {
			page := h.As("ada").Sees(org + "/reports/" + report + "limit=1&after=" + after).Count(1)
			var keys []string
			for _, key := range []string{"invite", "project", "user"} {
				if id, is := page.At("items.0." + key).(string); is {
					keys = append(keys, id)
				}
			}
			found = append(found, fmt.Sprint(keys))
			if after, _ = page.At("next").(string); after == "" {
				break
			}
		}
		assert.Equal(t, want, strings.Join(found, " "), "%s tells", report)
	}
	// A page goes on behind what is gone meanwhile.
	first := h.As("ada").Sees(org + "/reports/projects-per-member?limit=2").Count(2)
	h.As("ada").May("DELETE " + org + "/members/bob")
	next := first.Text("next")
	h.As("ada").Sees(org+"/reports/projects-per-member?limit=2&after="+next).Count(2).Has("items.0.user", "cleo")
	h.As("ada").Ask("GET "+org+"/reports/projects-per-member?after=nonsense").Refused(http.StatusBadRequest, "bad_cursor")
}

func TestReportsAsTables(t *testing.T) {
	t.Parallel()
	h, org := reported(t)
	table := h.As("ada").Sees(org + "/reports/projects-per-member?format=csv&limit=1")
	assert.Equal(t, "text/csv; charset=utf-8; header=present", table.Header.Get("Content-Type"), "the table")
	assert.Equal(t, "user,login,name,email,role,projects,full,everything,broad,broad_in_organization,elevated_until\r\nada,ada,,,admin,2,2,true,2,true,\r\n"+
		"bob,Bob,\"'=Bob, \"\"the builder\"\"\",bob@example.org,member,2,0,false,0,false,\r\ncleo,cleo,,,member,1,1,false,1,false,\r\ndan,dan,,,member,0,0,false,0,false,\r\n", table.Body, "the table")
	for report, lines := range map[string]int{"pending-invites?": 2, "broad-access?": 3, "project-admins?": 4, "unreviewed-access?": 5} {
		found, err := csv.NewReader(strings.NewReader(h.As("ada").Sees(org + "/reports/" + report + "format=csv").Body)).ReadAll()
		require.NoError(t, err, "%s has the lines", report)
		assert.Len(t, found, lines, "%s has the lines", report)
	}
	h.As("ada").Ask("GET "+org+"/reports/broad-access?format=xml").Refused(http.StatusBadRequest, "malformed")
}

// TestALongReportIsOneTable has more lines than are completed together.
func TestALongReportIsOneTable(t *testing.T) {
	t.Parallel()
	h, org := reported(t)
	many := make([]o, 997)
	for i := range many {
		many[i] = o{"type": "add_member", "user": fmt.Sprintf("u%03d", i), "login": fmt.Sprintf("U%03d", i)}
	}
	h.As("").May("POST "+org+"/commands", o{"commands": many})
	found, err := csv.NewReader(strings.NewReader(h.As("ada").Sees(org + "/reports/projects-per-member?format=csv").Body)).ReadAll()
	require.NoError(t, err)
	last := found[len(found)-1]
	require.Len(t, found, 1002)
	assert.Equal(t, "U996", last[1])
}

func TestReportsAreForThoseWhoSeeReports(t *testing.T) {
	t.Parallel()
	h, org := reported(t)
	for _, report := range []string{"pending-invites", "broad-access", "projects-per-member", "project-admins", "unreviewed-access"} {
		for _, format := range []string{"json", "csv"} {
			path := org + "/reports/" + report + "?format=" + format
			h.As("").Sees(path)
			h.As("bob").Ask("GET "+path).Refused(http.StatusForbidden, "not_allowed")
			h.As("zoe").SeesNo(path, "no_organization")
		}
	}
}

// TestReportsTellOfNoProjectThatTheReaderDoesNotSee asks under a scheme that lets
// people read reports who are not on every project.
func TestReportsTellOfNoProjectThatTheReaderDoesNotSee(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org = "/v1/organizations/acme"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "agency", "owner": "ada"},
		{"type": "add_member", "user": "bob", "role": "agency_owner"},
		{"type": "create_project", "id": "apollo"},
		{"type": "create_project", "id": "gemini"},
		{"type": "add_project_member", "project": "apollo", "user": "bob"},
		{"type": "invite_member", "id": "i1", "email": "eve@example.org", "projects": []o{{"project": "apollo"}, {"project": "gemini"}}},
	}})
	for path, want := range map[string]int{"/reports/project-admins": 2, "/reports/unreviewed-access?days=0": 2, "/reports/pending-invites?days=0": 1} {
		got := h.As("bob").Sees(org + path).Count(want)
		assert.NotContains(t, got.Body, "gemini", "%s tells bob of gemini", path)
		assert.Contains(t, h.As("ada").Sees(org+path).Body, "gemini", "%s does not tell ada of gemini", path)
	}
}

func TestReportWithoutOwner(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, report = "/v1/organizations/acme", "/v1/organizations/acme/reports/without-owner"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "owner-member", "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "add_member", "user": "cleo"},
		{"type": "create_project", "id": "apollo", "name": "Apollo"},
		{"type": "add_project_member", "project": "apollo", "user": "bob", "role": "owner"},
		{"type": "create_project", "id": "gemini", "name": "Gemini"},
		{"type": "add_project_member", "project": "gemini", "user": "cleo", "role": "owner"},
	}})
	h.As("ada").Sees(report).Count(0)
	h.As("").Sees("/v1/organizations?without_owner=true").Count(0)
	last := []o{{"type": "remove_member", "user": "bob"}, {"type": "change_member_role", "user": "ada", "role": "member"}}
	h.As("").Ask("POST "+org+"/commands", o{"commands": last}).Refused(http.StatusConflict, "last_holder")
	h.As("").May("POST "+org+"/commands", o{"commands": last, "import": o{"source": "old", "through": 2}})

	h.As("").Sees(report).Count(2).
		Has("items.0.project", nil, "items.0.role", "owner", "items.0.role_label", "Owner", "items.0.held", 0, "items.0.at_least", 1).
		Has("items.1.project", "apollo", "items.1.project_name", "Apollo", "items.1.role", "owner")
	first := h.As("").Sees(report + "?limit=1").Count(1)
	h.As("").Sees(report+"?limit=1&after="+first.Text("next")).Count(1).Has("items.0.project", "apollo", "next", nil)
	h.As("").Sees("/v1/organizations?without_owner=true").Count(1).Has("items.0.id", "acme", "items.0.without_owner", true)
	h.As("bob").Ask("GET "+report).Refused(http.StatusNotFound, "no_organization")
	h.As("").May("PATCH "+org+"/members/ada", o{"role": "owner"})
	h.As("").May("POST "+org+"/projects/apollo/members", o{"user": "ada", "role": "owner"})
	h.As("ada").Sees(report).Count(0)
}

func TestReportOfSimilarLogins(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, report = "/v1/organizations/acme", "/v1/organizations/acme/reports/similar-logins"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "owner-member", "owner": "ada"},
		{"type": "add_member", "user": "bob", "login": "Bobby", "name": "Bob"},
		{"type": "add_member", "user": "bobby"},
		{"type": "add_member", "user": "u1", "login": "Jürgen"},
		{"type": "add_member", "user": "u2", "login": "JÜRGEN"},
		{"type": "add_member", "user": "u3", "login": "jurgen"},
	}})
	h.As("ada").Sees(report).Count(4).Lists("items.user", "bob", "bobby", "u1", "u2").
		Has("items.0.login", "Bobby", "items.0.name", "Bob", "items.0.folded", "bobby", "items.1.login", "bobby")
	first := h.As("ada").Sees(report + "?limit=3").Count(3)
	h.As("ada").Sees(report+"?limit=3&after="+first.Text("next")).Lists("items.user", "u2")
	h.As("bobby").Ask("GET "+report).Refused(http.StatusForbidden, "not_allowed")
	h.As("ada").May("PATCH "+org+"/members/bobby/profile", o{"login": "bobby2"})
	h.As("ada").Sees(report).Lists("items.user", "u1", "u2")
}
