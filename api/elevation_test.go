package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestElevations follows higher roles from the question to the end, which passes without anybody's doing.
func TestElevations(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	const org, then = "/v1/organizations/acme", "?occurred_at=2020-01-01T00:00:00Z"
	h.As("").May("POST "+org+"/commands"+then, o{"commands": []o{
		{"type": "create_organization", "scheme": "github", "owner": "ada"},
		{"type": "add_member", "user": "bob"},
		{"type": "add_member", "user": "eve"},
		{"type": "create_project", "id": "apollo"},
		{"type": "add_project_member", "project": "apollo", "user": "eve", "role": "write"},
		{"type": "request_elevation", "id": "past", "user": "bob", "role": "admin", "minutes": 60, "reason": "The night shift."},
		{"type": "approve_access_request", "request": "past"},
	}})
	system, ada, eve := h.As(""), h.As("ada"), h.As("eve")
	const during, end = "2020-01-01T00:59:59Z", "2020-01-01T01:00:00Z"
	system.Sees(org+"/projects/apollo/access/bob?explain&at="+during).Has("role", "admin", "sources.0.kind", "elevation", "sources.0.until", end, "explanation", "bob is admin on apollo: elevated to admin as admin of the organization, approved 2020-01-01 by the system (request past), until 2020-01-01 01:00:00 UTC.")
	system.Sees(org+"/projects/apollo/members?at="+during+"&source=elevation").Count(1).Has("items.0.user", "bob", "items.0.access", "elevated")
	system.Sees(org+"/members/bob?at="+during).Has("role", "member", "elevation.role", "admin", "elevation.until", end)
	system.Sees(org+"/members?role=admin&at="+during).Count(2).Item("user", "bob").Has("role", "member", "elevation.role", "admin")
	system.Sees(org + "/members?role=member&at=" + during).Count(2)
	system.Sees(org + "/members?role=admin&at=" + end).Count(1)
	system.Sees(org+"/projects/apollo/access/bob?at="+end).Has("role", nil, "reason", "not_on_the_project")
	system.Sees(org+"/projects/apollo/access/bob").Has("role", nil)
	system.Sees(org+"/access-requests?status=approved").Count(1).Has("items.0.elevation", true, "items.0.minutes", 60, "items.0.in_effect", nil, "items.0.decision.until", end)

	const ask = "POST " + org + "/access-requests/elevations"
	eve.Ask(ask, o{"project": "apollo", "role": "maintain", "minutes": 60}).Refused(http.StatusUnprocessableEntity, "reason_required")
	eve.Ask(ask, o{"project": "apollo", "role": "maintain", "reason": "A release."}).Refused(http.StatusUnprocessableEntity, "bad_end")
	eve.May(ask, o{"id": "r", "project": "apollo", "role": "maintain", "minutes": 60, "reason": "A release."}).Has("id", "r")
	ada.Sees(org+"/access-requests").Count(1).Has("items.0.elevation", true, "items.0.project", "apollo", "items.0.role", "maintain", "items.0.reason", "A release.", "items.0.may_decide", true)
	ada.Sees("/v1/users/ada/notifications").Has("items.0.kind", "access_requested", "items.0.request", "r")
	ada.May("POST "+org+"/access-requests/r/approve", o{})
	eve.Sees(org+"/me").Has("role", "member")
	eve.Sees(org+"/projects/apollo").Has("role", "maintain")
	ada.Sees(org+"/projects/apollo/access/eve").Has("role", "maintain", "sources.0.kind", "direct", "sources.0.role", "write", "sources.1.kind", "elevation", "sources.1.by", "ada", "sources.1.request", "r")
	assert.NotNil(t, ada.Sees(org+"/projects/apollo/members").Item("user", "eve").Has("role", "maintain").At("elevated_until"))
	assert.Nil(t, ada.Sees(org+"/projects/apollo/members").Item("user", "ada").At("elevated_until"))
	asked := ada.Sees(org + "/access-requests?status=approved").Text("items.0.asked.since")
	ada.Sees(org+"/access-requests?at="+asked).Count(1).Has("items.0.status", "pending", "items.0.reason", "A release.", "items.0.may_decide", false, "items.0.decision", nil)
	ada.Sees(org + "/access-requests?status=all&user=eve&at=2021-01-01T00:00:00Z").Count(0)
	h.As("bob").Sees(org + "/access-requests?at=" + asked).Count(0)
	eve.Sees(org+"/access-requests?status=approved").Count(1).Has("items.0.in_effect", true)
	eve.Sees("/v1/users/eve/notifications").Count(1) // that it was approved
	h.As("bob").Ask("POST "+org+"/access-requests/r/end").Refused(http.StatusNotFound, "no_access_request")
	ada.May("POST "+org+"/access-requests/r/end").Has("changed", true)
	ada.May("POST "+org+"/access-requests/r/end").Has("changed", false)
	ada.Sees(org+"/projects/apollo/access/eve").Has("role", "write")
}
