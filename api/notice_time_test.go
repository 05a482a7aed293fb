package api_test

import (
	"testing"
	"time"
)

// TestNoticesComeWhenTheSchemeSaysSo changes a role under the scheme data-model, whose
// members hear of it at the next access.
func TestNoticesComeWhenTheSchemeSaysSo(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	const org = "/v1/organizations/acme"
	now := h.system(step{"POST " + org + "/commands", o{"commands": []o{
		{"type": "create_organization", "scheme": "data-model", "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "create_project", "id": "apollo"},
		{"type": "add_project_member", "project": "apollo", "user": "bob", "role": "view_only"},
	}}}, step{"PATCH " + org + "/projects/apollo/members/bob", o{"role": "regular_user"}})
	h.reads("bob", now, "/v1/users/bob/notifications").count(0)
	h.as("bob").awaitNotices("GET "+org+"/projects/apollo").has("notices.0.to", "regular_user", "notices.0.from", "view_only", "levels.members", "none", "role_label", "Regular user")
	h.as("bob").do("GET "+org+"/projects/apollo", nil).ok().has("notices", nil)
	h.reads("bob", now, "/v1/users/bob/notifications").count(1).has("items.0.to", "regular_user")
}

// awaitNotices asks again, as a client would, until there are notices: an answer does without
// those that the database is slow to give, and they stay due.
func (a ask) awaitNotices(what string) reply {
	a.h.t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		if got := a.do(what, nil).ok(); got.at("notices") != nil || time.Now().After(deadline) {
			return got
		}
	}
}
