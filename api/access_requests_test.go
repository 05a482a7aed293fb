package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestRequestsForAccess follows requests from the question to the access, as people see them.
func TestRequestsForAccess(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org = "/v1/organizations/acme"
	h.As("").May("POST /v1/organizations", o{"id": "acme", "name": "Acme", "owner": "ada", "scheme": "owner-member"})
	h.As("").May("POST "+org+"/members", o{"user": "bob"})
	h.As("ada").May("POST "+org+"/projects", o{"id": "apollo", "name": "Apollo"})
	ask, eve, ada := "POST "+org+"/access-requests", h.As("eve"), h.As("ada")
	join := o{"id": "r", "name": "Eve Example", "email": "eve@example.org", "reason": "Bob said that I should."}

	eve.Ask(ask, join).Refused(http.StatusNotFound, "no_organization")
	eve.Ask("POST /v1/organizations/nowhere/access-requests", join).Refused(http.StatusNotFound, "no_organization")
	ada.Sees(org).Has("access_requests.join", "closed", "access_requests.projects", "closed")
	h.As("bob").Ask("PATCH "+org+"/access-requests", o{"join": "open"}).Refused(http.StatusForbidden, "not_allowed")
	ada.May("PATCH "+org+"/access-requests", o{"join": "open", "projects": "open"})
	ada.May("PATCH "+org+"/access-requests", o{"projects": nil}).Has("changed", true)
	ada.Sees(org).Has("access_requests.join", "open", "access_requests.projects", "closed")
	ada.May("PATCH "+org+"/access-requests", o{"projects": "open"})
	ada.May("PATCH "+org+"/access-requests", o{}).Has("changed", false)
	ada.Sees(org).Has("access_requests.join", "open", "access_requests.projects", "open")

	eve.May(ask, join).Has("id", "r", "changed", true)
	eve.Ask(ask, o{"id": "s"}).Refused(http.StatusConflict, "already_requested")
	eve.Sees("/v1/me/access-requests").Count(1).Has("items.0.organization", "acme", "items.0.id", "r", "items.0.status", "pending", "items.0.reason", "Bob said that I should.", "items.0.may_decide", false)
	eve.Ask("GET "+org+"/access-requests").Refused(http.StatusNotFound, "no_organization")
	h.As("bob").Sees(org + "/access-requests").Count(0)
	h.As("bob").Ask("POST "+org+"/access-requests/r/approve", o{}).Refused(http.StatusNotFound, "no_access_request")
	ada.Sees(org+"/access-requests").Count(1).Has("items.0.user", "eve", "items.0.name", "Eve Example", "items.0.email", "eve@example.org", "items.0.role_label", "Member", "items.0.may_decide", true)
	ada.Ask("POST "+org+"/access-requests/r/approve", o{"role": "owner"}).Refused(http.StatusConflict, "more_than_requested")
	ada.May("POST "+org+"/access-requests/r/approve", o{}).Has("changed", true)
	ada.May("POST "+org+"/access-requests/r/approve", o{}).Has("changed", false)
	ada.Sees(org+"/members/eve").Has("name", "Eve Example", "email", "eve@example.org", "joined.by", "ada")
	eve.Sees("/v1/me/access-requests?status=all").Count(1).Has("items.0.status", "approved", "items.0.decision.by", "ada", "items.0.decision.role_label", "Member")

	bob := h.As("bob")
	bob.Ask(ask, o{"project": "nothing"}).Refused(http.StatusNotFound, "no_project")
	bob.Ask(ask, o{"project": "apollo", "name": "Bob"}).Refused(http.StatusConflict, "already_member")
	bob.May(ask, o{"id": "p", "project": "apollo", "reason": "To help."})
	ada.Sees(org+"/access-requests?project=apollo").Count(1).Has("items.0.project_name", "Apollo", "items.0.reason", "To help.")
	ada.May("POST "+org+"/access-requests/p/deny", o{"reason": "Not yet."})
	bob.Sees(org+"/access-requests?status=denied").Count(1).Has("items.0.decision.reason", "Not yet.")
	ada.Ask("POST "+org+"/access-requests/p/approve", o{}).Refused(http.StatusConflict, "access_request_closed")
	bob.May(ask, o{"id": "q", "project": "apollo"})
	bob.May("DELETE " + org + "/access-requests/q")
	bob.Sees(org + "/access-requests?status=withdrawn").Count(1)

	ada.Sees("/v1/users/ada/notifications").Count(3).Has("items.0.kind", "access_requested", "items.0.request", "q", "items.0.project", "apollo", "items.2.request", "r", "items.2.project", nil)
	bob.Sees("/v1/users/bob/notifications").Has("items.0.kind", "access_denied", "items.0.request", "p")
	eve.Sees("/v1/users/eve/notifications").Count(1).Has("items.0.kind", "access_approved", "items.0.request", "r", "items.0.changed.by", "ada")
	finn := h.As("finn")
	finn.May(ask, o{"id": "t"})
	ada.May("POST "+org+"/access-requests/t/deny", o{})
	finn.Sees("/v1/users/finn/notifications").Count(1).Has("items.0.kind", "access_denied", "items.0.organization", "acme")

	for _, secret := range []string{"Bob said", "To help.", "Not yet.", "Eve Example", "eve@example.org"} {
		assert.NotContains(t, h.As("").Sees(org+"/events").Body, secret, "texts in the audit log")
	}
}
