package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAccessTellsOfOverridesAndEnds(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	access := org + "/projects/site/access/dev"
	h.As("bea").May("PATCH "+org+"/projects/site/members/dev/overrides/log_time", o{"level": "off"})
	h.As("bea").May("PATCH "+org+"/projects/site/members/dev/end", o{"until": "2999-01-01T00:00:00Z"})
	for _, actor := range []string{"", "max", "dev"} {
		h.As(actor).Sees(access).Has("role", "developer", "permissions.log_time", "off", "permissions.work", "on", "reason", nil, "allowed", nil, "suggestions", nil,
			"overrides.0.permission", "log_time", "overrides.0.level", "off", "overrides.0.instead", "on", "overrides.0.by", "bea", "overrides.0.event", "acme/4/0",
			"sources.0.kind", "direct", "sources.0.until", "2999-01-01T00:00:00Z", "read_only", nil)
	}
	h.As("bea").May("POST " + org + "/projects/site/archive")
	h.As("max").Sees(access+"?explain").Has("read_only", true, "permissions.work", "off", "permissions.tasks", "view",
		"explanation", "dev is developer on site: direct (developer), granted "+today()+" by the system, until 2999-01-01 00:00:00 UTC. "+
			"An override sets log_time to off instead of on, "+today()+" by bea. It is archived, so nothing is more than read only; restore it first.")
}

func TestAccessIsToldToThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	access := org + "/projects/site/access/"
	h.As("dev").Ask("GET "+access+"max").Refused(http.StatusForbidden, "not_allowed")
	h.As("cli").SeesNo(access+"cli", "no_project")
	h.As("sue").SeesNo(access+"sue", "no_organization")
	h.As("eli").SeesNo(access+"eli", "no_organization")
	h.As("zoe").SeesNo(access+"zoe", "no_organization")
}

// TestAccessToTheOrganizationItself has the shape of that to a project.
func TestAccessToTheOrganizationItself(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	access := org + "/access/"
	h.As("ada").Sees(access+"max?explain").Has("organization", "acme", "project", nil, "user", "max", "role", "manager", "reason", nil, "allowed", nil, "suggestions", nil,
		"sources.1", nil, "sources.0.kind", "organization", "sources.0.role", "manager", "sources.0.role_label", "Manager", "sources.0.event", "acme/1/3", "sources.0.by", nil).
		Says("explanation", "max is manager in the organization: by their role (manager), held since 2024-01-01 by the system.")
	h.As("ada").Sees(access+"max?permission=members&level=view").Has("allowed", true, "result.by.0.role", "manager", "result.held", "view")
	no := h.As("max").Sees(access+"max?permission=members").Has("allowed", false, "suggestions.reason", "role", "suggestions.would.0.action", "change_member_role", "suggestions.would.0.role_label", "Agency owner")
	assert.Equal(t, no.Texts("result.roles"), no.Texts("suggestions.would.role"), no)
	h.As("ada").Sees(access+"sue?permission=members").Has("reason", "deactivated", "suggestions.would.0.action", "reactivate_member")
	h.As("ada").Sees(access+"ivy").Has("reason", "invited", "permissions.members", "none")
	h.As("max").Sees(access+"ivy").Has("reason", "not_a_member") // who sees no invites hears of none
	h.As("").Sees(access+"max?at=2023-01-01T00:00:00Z").Has("reason", "not_a_member", "suggestions", nil)
	h.As("").Ask("GET "+access+"max?permission=data").Refused(http.StatusUnprocessableEntity, "unknown_permission").Says("detail", `no permission "data" in the organization; it has`)
	h.As("dev").Sees(access+"dev").Has("role", "developer")
	h.As("dev").SeesNo(access+"max", "no_members")
	h.As("zoe").SeesNo(access+"zoe", "no_organization")
}

// TestANoSaysWhatWouldHelp asks why each of them cannot see the project.
func TestANoSaysWhatWouldHelp(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
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
			got := h.As(tc.actor).Sees(org+"/projects/site/access/"+tc.user+query).
				Has("reason", tc.reason, "suggestions.reason", tc.reason, "role", nil, "permissions.data", "none", "explanation", nil)
			assert.Equal(t, tc.would, got.Texts("suggestions.would.action"), got)
			got.Says("suggestions.words", tc.words)
			if query != "" {
				got.Has("allowed", false)
			}
		}
	}
	h.As("").Sees(org+"/projects/none/access/max").Has("suggestions.reason", "no_such_project", "suggestions.would.0", nil)
	// Nothing helps in the past.
	h.As("").Sees(org+"/projects/site/access/cli?at=2024-01-01T00:00:00Z").Has("reason", "no_such_project", "suggestions", nil)
	h.As("").Sees(org+"/projects/site/access/eli?at=2024-01-15T00:00:00Z").Has("reason", "no_such_project")
	h.As("").Sees(org+"/projects/site/access/eli?at=2024-02-15T00:00:00Z").Has("reason", "membership_ended")
}

// TestAPermissionResultSaysWhatDecides asks for single permissions.
func TestAPermissionResultSaysWhatDecides(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	access := org + "/projects/site/access/dev"
	h.As("dev").Sees(access+"?permission=work&explain").Has("allowed", true, "result.wanted", "on", "result.held", "on",
		"result.by.0.kind", "direct", "result.by.0.role", "developer", "suggestions", nil,
		"explanation", "dev has on of work on site: direct (developer), granted "+today()+" by the system.")
	h.As("dev").Sees(access+"?permission=tasks&level=full").Has("allowed", false, "result.held", "view", "reason", nil, "suggestions.reason", "role",
		"suggestions.would.0.action", "change_project_member_role", "suggestions.would.0.role", "manager", "suggestions.would.1.role", "agency_owner",
		"suggestions.would.2.action", "set_override", "suggestions.would.2.permission", "tasks", "suggestions.would.2.level", "full",
		"suggestions.words", "dev has view of tasks on site, not full: the role developer does not give it; the role manager or agency_owner or an override would.")
	h.As("bea").May("PATCH "+org+"/projects/site/members/dev/overrides/work", o{"level": "off"})
	h.As("max").Sees(access+"?permission=work").Has("allowed", false, "result.override.permission", "work", "result.override.instead", "on",
		"suggestions.reason", "override", "suggestions.would.0.action", "clear_override")
	h.As("bea").May("DELETE " + org + "/projects/site/members/dev/overrides/work")
	h.As("bea").May("POST " + org + "/projects/site/archive")
	h.As("max").Sees(access+"?permission=work").Has("allowed", false, "suggestions.reason", "read_only", "suggestions.would.0.action", "restore_project")
	h.As("max").Sees(access+"?permission=tasks&level=view").Has("allowed", true)

	h.As("max").Ask("GET "+access+"?level=view").Refused(http.StatusBadRequest, "malformed")
	h.As("max").Ask("GET "+access+"?permission=dance").Refused(http.StatusUnprocessableEntity, "unknown_permission").Says("detail", `no permission "dance" on projects; it has settings`)
	h.As("max").Ask("GET "+access+"?permission=tasks&level=on").Refused(http.StatusUnprocessableEntity, "unknown_permission").Says("detail", `no level "on"; it has none`)
	h.As("").SeesNo(access+"?permission=tasks&at=2020-01-01T00:00:00Z", "no_organization")
}

func TestPermissionResultsNameNoSecretTeam(t *testing.T) {
	t.Parallel()
	h, org := agencyOrganization(t)
	path := org + "/projects/site/access/guy?explain&permission=work"
	got := h.As("max").Sees(path).Has("allowed", true, "result.by.0.kind", "team", "result.by.0.team", nil, "sources.0.via", nil)
	assert.NotContains(t, got.Body, "host", "max hears of the secret team")
	assert.Contains(t, got.Body, "(not visible to you)", "max hears of the secret team")
	h.As("guy").Sees(path).Has("result.by.0.team_name", "Ghost Writers")
	h.As("ada").Sees(path).Has("result.by.0.team_name", "Ghost Writers")
}
