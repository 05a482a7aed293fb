package api_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

// TestBytesThatAreNoTextAreRefused sends what Postgres does not take.
func TestBytesThatAreNoTextAreRefused(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	for _, what := range []string{
		"GET " + org + "/events?subject=%00", "GET " + org + "/events?actor=%ff", "GET " + org + "/events?type=%00",
		"GET " + org + "/members?role=%00", "GET " + org + "/members?search=%ff", "GET " + org + "/projects/p%00/members",
		"GET /v1/users/%00/notifications", "GET /v1/users/%ff/notifications", "POST /v1/users/bob/notifications/%00/acknowledge",
		"DELETE " + org + "/members/dan?cause=%ff", "DELETE " + org + "/members/dan?cause=" + strings.Repeat("%C3%A9", 501),
		"GET /v1/events?organization=%zz", "GET " + org + "/members?role=a;search=b",
	} {
		h.As("").Ask(what).Refused(http.StatusBadRequest, "malformed")
	}
	for _, key := range []string{"\xff", strings.Repeat("é", 128)} {
		h.As("").With("Idempotency-Key", key).Ask("DELETE "+org+"/members/dan").Refused(http.StatusBadRequest, "malformed")
	}
	h.As("").With("If-Match", "\xff").Ask("DELETE "+org+"/members/dan").Refused(http.StatusBadRequest, "malformed")
	h.As("").With("Last-Event-ID", "\xff").Ask("GET /v1/events").Refused(http.StatusBadRequest, "malformed")
	h.As("").With("Roster-Actor", "\xff").Ask("GET "+org).Refused(http.StatusBadRequest, "bad_actor")
	cursor := base64.RawURLEncoding.EncodeToString([]byte(`["a\u0000", "b"]`))
	for _, list := range []string{"/members", "/projects", "/teams", "/projects/apollo/members", "/members/bob/projects"} {
		h.As("").Ask("GET "+org+list+"?after="+cursor).Refused(http.StatusBadRequest, "bad_cursor")
	}
	cursor = base64.RawURLEncoding.EncodeToString([]byte(`["2020-01-01T00:00:00Z", 1, 1099511627776]`))
	h.As("").Ask("GET "+org+"/events?after="+cursor).Refused(http.StatusBadRequest, "bad_cursor")
	h.As("").With("Idempotency-Key", strings.Repeat("k", 255)).May("DELETE " + org + "/members/dan?cause=" + strings.Repeat("c", 1000))
}
