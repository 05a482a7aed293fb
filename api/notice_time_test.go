package api_test

import (
	"testing"
	"time"

	"github.com/seed-2026d078/roster/internal/apirequest"
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
	awaitNotices(h.As("bob"), org+"/projects/apollo").Has("notices.0.to", "regular_user", "notices.0.from", "view_only", "levels.members", "none", "role_label", "Regular user")
	h.As("bob").Sees(org+"/projects/apollo").Has("notices", nil)
	h.As("bob").Sees("/v1/users/bob/notifications").Count(1).Has("items.0.to", "regular_user")
}

// awaitNotices asks again, as a client would, until there are notices: an answer does without
// those that the database is slow to give, and they stay due.
func awaitNotices(actor apirequest.Actor, path string) apirequest.Reply {
	for deadline := time.Now().Add(10 * time.Second); ; {
		if got := actor.Sees(path); got.At("notices") != nil || time.Now().After(deadline) {
			return got
		}
	}
}
