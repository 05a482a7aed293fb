package api_test

import (
	"net/http"
	"testing"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestNoticesComeWhenTheSchemeSaysSo changes a role under the scheme data-model, whose
// members hear of it at the next access.
func TestNoticesComeWhenTheSchemeSaysSo(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org = "/v1/organizations/acme"
	h.As("").May("POST "+org+"/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "data-model", "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "create_project", "id": "apollo"},
		{"type": "add_project_member", "project": "apollo", "user": "bob", "role": "view_only"},
	}})
	h.As("").May("PATCH "+org+"/projects/apollo/members/bob", o{"role": "regular_user"})
	h.As("bob").Sees("/v1/users/bob/notifications").Count(0)
	access := h.As("bob").Sees(org+"/projects/apollo").Has("notices.0.to", "regular_user", "notices.0.from", "view_only", "levels.members", "none", "role_label", "Regular user")
	h.As("bob").May("POST /v1/users/bob/notifications/shown", o{"ids": []string{access.Text("notices.0.id")}})
	h.As("bob").Sees(org+"/projects/apollo").Has("notices", nil)
	h.As("bob").Sees("/v1/users/bob/notifications").Count(1).Has("items.0.to", "regular_user")
}

// TestNoticesAreAsNewAsTheClient has notices that follow the ledger when they are told to.
func TestNoticesAreAsNewAsTheClient(t *testing.T) {
	t.Parallel()
	h, org := withLockedTables(t, "roster_inbox.notification")
	h = waitingBriefly(h)
	changed := h.As("ada").May("PATCH "+org+"/members/bob", o{"role": "member"})
	h.As("bob").AtLeast(0).Sees(org).Has("role", "member", "notices", nil)
	h.As("bob").AtLeast(changed.Position()).Ask("GET "+org).Refused(http.StatusServiceUnavailable, "behind")
}
