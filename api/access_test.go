package api_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAccessTellsOfOverridesAndEnds(t *testing.T) {
	t.Parallel()
	h, org, _ := agencyOrganization(t)
	access := "GET " + org + "/projects/site/access/dev"
	h.as("bea").do("PATCH "+org+"/projects/site/members/dev/overrides/log_time", o{"level": "off"}).ok()
	h.as("bea").do("PATCH "+org+"/projects/site/members/dev/end", o{"until": "2999-01-01T00:00:00Z"}).ok()
	for _, actor := range []string{"", "max", "dev"} {
		h.as(actor).do(access, nil).ok().has("role", "developer", "permissions.log_time", "off", "permissions.work", "on", "reason", nil, "allowed", nil, "suggestions", nil,
			"overrides.0.permission", "log_time", "overrides.0.level", "off", "overrides.0.instead", "on", "overrides.0.by", "bea", "overrides.0.event", "acme/4/0",
			"sources.0.kind", "direct", "sources.0.until", "2999-01-01T00:00:00Z", "read_only", nil)
	}
	h.as("bea").do("POST "+org+"/projects/site/archive", nil).ok()
	h.as("max").do(access+"?explain", nil).ok().has("read_only", true, "permissions.work", "off", "permissions.tasks", "view",
		"explanation", "dev is developer on site: direct (developer), granted "+today()+" by the system, until 2999-01-01 00:00:00 UTC. "+
			"An override sets log_time to off instead of on, "+today()+" by bea. It is archived, so nothing is more than read only; restore it first.")
}

func TestAccessIsToldToThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	h, org, _ := agencyOrganization(t)
	access := "GET " + org + "/projects/site/access/"
	h.as("dev").do(access+"max", nil).refused(http.StatusForbidden, "not_allowed")
	h.as("cli").do(access+"cli", nil).refused(http.StatusNotFound, "no_project")
	h.as("sue").do(access+"sue", nil).refused(http.StatusNotFound, "no_organization")
	h.as("eli").do(access+"eli", nil).refused(http.StatusNotFound, "no_organization")
	h.as("zoe").do(access+"zoe", nil).refused(http.StatusNotFound, "no_organization")
}

// TestANoSaysWhatWouldHelp asks why each of them cannot see the project.
func TestANoSaysWhatWouldHelp(t *testing.T) {
	t.Parallel()
	h, org, _ := agencyOrganization(t)
	for _, tc := range []struct {
		actor, user, reason string
		would               []string
		words               string
	}{
		{"max", "zoe", "not_a_member", []string{"invite_member"}, "invite them to the organization first"},
		{"ada", "ivy", "invited", []string{"accept_invite"}, "they accept it first"},
		// Who sees no invites hears of none.
		{"max", "ivy", "not_a_member", []string{"invite_member"}, "invite them to the organization first"},
		{"max", "sue", "deactivated", []string{"reactivate_member"}, "reactivate them first"},
		{"max", "eli", "membership_ended", []string{"change_member_end"}, "give it a later end first"},
		{"max", "cli", "not_on_the_project", []string{"add_project_member", "add_team_member"}, "add them to the project, or put them into a team"},
	} {
		for _, query := range []string{"", "?permission=data&level=view"} {
			got := h.as(tc.actor).do("GET "+org+"/projects/site/access/"+tc.user+query, nil).ok().
				has("reason", tc.reason, "suggestions.reason", tc.reason, "role", nil, "permissions.data", "none", "explanation", nil)
			for i, action := range tc.would {
				got.has("suggestions.would."+strconv.Itoa(i)+".action", action)
			}
			n, _ := got.at("suggestions.would").([]any)
			assert.Len(t, n, len(tc.would), "%s: %s", got.what, got.body)
			words, _ := got.at("suggestions.words").(string)
			assert.Contains(t, words, tc.words, got.what)
			if query != "" {
				got.has("allowed", false)
			}
		}
	}
	h.as("").do("GET "+org+"/projects/none/access/max", nil).ok().has("suggestions.reason", "no_such_project", "suggestions.would.0", nil)
	// Nothing helps in the past.
	h.as("").do("GET "+org+"/projects/site/access/cli?at=2024-01-01T00:00:00Z", nil).ok().has("reason", "no_such_project", "suggestions", nil)
	h.as("").do("GET "+org+"/projects/site/access/eli?at=2024-01-15T00:00:00Z", nil).ok().has("reason", "no_such_project")
	h.as("").do("GET "+org+"/projects/site/access/eli?at=2024-02-15T00:00:00Z", nil).ok().has("reason", "membership_ended")
}

// TestAPermissionResultSaysWhatDecides asks for single permissions.
func TestAPermissionResultSaysWhatDecides(t *testing.T) {
	t.Parallel()
	h, org, _ := agencyOrganization(t)
	access := "GET " + org + "/projects/site/access/dev"
	h.as("dev").do(access+"?permission=work&explain", nil).ok().has("allowed", true, "result.wanted", "on", "result.held", "on",
		"result.by.0.kind", "direct", "result.by.0.role", "developer", "suggestions", nil,
		"explanation", "dev has on of work on site: direct (developer), granted "+today()+" by the system.")
	h.as("dev").do(access+"?permission=tasks&level=full", nil).ok().has("allowed", false, "result.held", "view", "reason", nil, "suggestions.reason", "role",
		"suggestions.would.0.action", "change_project_member_role", "suggestions.would.0.role", "manager", "suggestions.would.1.role", "agency_owner",
		"suggestions.would.2.action", "set_override", "suggestions.would.2.permission", "tasks", "suggestions.would.2.level", "full",
		"suggestions.words", "dev has view of tasks on site, not full: the role developer does not give it; the role manager or agency_owner or an override would.")
	h.as("bea").do("PATCH "+org+"/projects/site/members/dev/overrides/work", o{"level": "off"}).ok()
	h.as("max").do(access+"?permission=work", nil).ok().has("allowed", false, "result.override.permission", "work", "result.override.instead", "on",
		"suggestions.reason", "override", "suggestions.would.0.action", "clear_override")
	h.as("bea").do("DELETE "+org+"/projects/site/members/dev/overrides/work", nil).ok()
	h.as("bea").do("POST "+org+"/projects/site/archive", nil).ok()
	h.as("max").do(access+"?permission=work", nil).ok().has("allowed", false, "suggestions.reason", "read_only", "suggestions.would.0.action", "restore_project")
	h.as("max").do(access+"?permission=tasks&level=view", nil).ok().has("allowed", true)

	h.as("max").do(access+"?level=view", nil).refused(http.StatusBadRequest, "malformed")
	h.as("max").do(access+"?permission=dance", nil).refused(http.StatusUnprocessableEntity, "unknown_permission")
	h.as("max").do(access+"?permission=tasks&level=on", nil).refused(http.StatusUnprocessableEntity, "unknown_permission")
	h.as("").do(access+"?permission=tasks&at=2020-01-01T00:00:00Z", nil).refused(http.StatusNotFound, "no_organization")
}

func TestPermissionResultsNameNoSecretTeam(t *testing.T) {
	t.Parallel()
	h, org, _ := agencyOrganization(t)
	path := "GET " + org + "/projects/site/access/guy?explain&permission=work"
	got := h.as("max").do(path, nil).ok().has("allowed", true, "result.by.0.kind", "team", "result.by.0.team", nil, "sources.0.via", nil)
	assert.NotContains(t, string(got.body), "host", "max hears of the secret team")
	assert.Contains(t, string(got.body), "(not visible to you)", "max hears of the secret team")
	h.as("guy").do(path, nil).ok().has("result.by.0.team_name", "Ghost Writers")
	h.as("ada").do(path, nil).ok().has("result.by.0.team_name", "Ghost Writers")
}
