package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/seed-2026d078/roster/internal/apitest"
)

// TestLargeBodiesAreRefused sends more than a route takes, as somebody who may do nothing there.
func TestLargeBodiesAreRefused(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("ada").May("POST /v1/organizations", o{"id": "acme"})
	items := func(n int) string { return strings.TrimSuffix(strings.Repeat("{},", n), ",") }
	const org = "/v1/organizations/acme"
	for _, test := range []struct {
		name, asks, body string
		status           int
		code             string
	}{
		{"a check of too many questions", "POST /v1/access:check", `{"questions":[` + items(1001) + `]}`, http.StatusUnprocessableEntity, "too_many_items"},
		{"a check of far too many questions", "POST /v1/access:check", `{"questions":[` + items(600_000) + `]}`, http.StatusUnprocessableEntity, "too_many_items"},
		{"a check that is too long", "POST /v1/access:check", `{"questions":[{"level":"` + strings.Repeat("x", 3<<20) + `"}]}`, http.StatusRequestEntityTooLarge, "too_large"},
		{"a bulk of far too many items", "POST " + org + "/commands", `{"commands":[` + items(2_000_000) + `]}`, http.StatusUnprocessableEntity, "too_many_items"},
		{"an item of a bulk with too many projects", "POST " + org + "/commands", `{"commands":[{"type":"invite_member","projects":[` + items(1001) + `]}]}`, http.StatusUnprocessableEntity, "too_many_items"},
		{"a declaration of too many members", "PUT " + org + "/config", `{"members":[` + items(20_001) + `]}`, http.StatusUnprocessableEntity, "too_many_items"},
		{"a list where there is none", "POST " + org + "/projects", `{"name":[` + items(1000) + `]}`, http.StatusBadRequest, "malformed"},
		{"a list of an unknown field", "POST " + org + "/projects", `{"none":[` + items(1000) + `]}`, http.StatusBadRequest, "malformed"},
		{"a list where nothing is taken", "POST " + org + "/archive", `[` + items(1000) + `]`, http.StatusBadRequest, "malformed"},
		{"a long name", "POST " + org + "/projects", `{"name":"` + strings.Repeat("x", 300_000) + `"}`, http.StatusRequestEntityTooLarge, "too_large"},
		{"much where nothing is taken", "POST " + org + "/archive", strings.Repeat(" ", 300_000), http.StatusRequestEntityTooLarge, "too_large"},
		{"a bulk that is too long", "POST " + org + "/commands", strings.Repeat(" ", 9<<20), http.StatusRequestEntityTooLarge, "too_large"},
	} {
		t.Run(test.name, func(t *testing.T) {
			h.As("zoe").Ask(test.asks, test.body).Refused(test.status, test.code)
			h.As("zoe").With("Idempotency-Key", test.name).Ask(test.asks, test.body).Refused(test.status, test.code)
		})
	}
}
