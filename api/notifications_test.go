package api_test

import (
	"net/http"
	"testing"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestUnreadNotifications counts them, and marks all, or all up to one.
func TestUnreadNotifications(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, mine = "/v1/organizations/acme", "/v1/users/bob/notifications"
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	h.As("ada").May("POST "+org+"/invites", o{"email": "bob@example.org", "user": "bob"})
	h.As("bob").Sees(mine).Count(1).Has("items.0.kind", "invitation", "items.0.from", nil)
	h.As("").May("POST "+org+"/members", o{"user": "bob"})
	h.As("").May("PATCH "+org+"/members/bob", o{"role": "owner"})
	listed := h.As("bob").Sees(mine).Count(3).Has("items.0.kind", "role_changed", "items.0.to", "owner", "items.1.kind", "added")
	h.As("ada").Sees("/v1/users/ada/notifications/unread").Has("unread", 0) // bob came in another way, and has not accepted
	h.As("ada").Ask("GET "+mine+"/unread").Refused(http.StatusForbidden, "not_yours")
	h.As("bob").Sees(mine+"/unread").Has("unread", 3, "more", nil)

	all := "POST " + mine + "/shown-all"
	h.As("ada").Ask(all, o{}).Refused(http.StatusForbidden, "not_yours")
	h.As("bob").Ask(all, o{"through": "none"}).Refused(http.StatusNotFound, "no_notification")
	h.As("bob").May(all, o{"through": listed.Text("items.1.id")}).Has("marked", 2)
	h.As("bob").Sees(mine+"/unread").Has("unread", 1)
	h.As("bob").May(all, o{}).Has("marked", 1)
	h.As("bob").May(all, o{}).Has("marked", 0)
	h.As("bob").Sees(mine+"/unread").Has("unread", 0)

	// Who is removed hears of it, and of nothing else of an organization that they do not see any more.
	h.As("ada").May("DELETE " + org + "/members/bob")
	h.As("bob").Sees(mine).Count(2).Has("items.0.kind", "removed", "items.1.kind", "invitation")
	h.As("bob").Sees(mine+"/unread").Has("unread", 1)
}
