package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// withLockedTables is a server whose read models hang: somebody holds their tables.
func withLockedTables(t *testing.T, tables string) (*testServer, string) {
	t.Helper()
	url := pgtest.New(t)
	h := startServerOn(t, url)
	const home = "/v1/organizations/acme"
	now := h.system(
		step{"POST /v1/organizations", o{"id": "acme", "owner": "ada"}},
		step{"POST " + home + "/members", o{"user": "bob"}},
		step{"PATCH " + home + "/members/bob", o{"role": "owner"}},
	)
	h.reads("ada", now, home+"/members").count(2)
	h.reads("bob", now, "/v1/users/bob/notifications").count(1)
	h.stopProjecting()
	other, err := pgx.Connect(t.Context(), url)
	must(t, err)
	t.Cleanup(func() { must(t, other.Close(context.WithoutCancel(t.Context()))) })
	_, err = other.Exec(t.Context(), "BEGIN; LOCK TABLE "+tables)
	must(t, err)
	return h, home
}

func TestMemoryAnswersWhereTheReadModelsHang(t *testing.T) {
	t.Parallel()
	h, home := withLockedTables(t, "roster_inbox.notification, roster.member")
	h.as("bob").do("GET "+home, nil).ok().has("role", "owner", "notices", nil)
	h.as("ada").do("GET "+home+"/members", nil).refused(http.StatusServiceUnavailable, "database_unavailable")
}

func TestReadinessAsksTheDatabase(t *testing.T) {
	t.Parallel()
	h, _ := withLockedTables(t, "roster.checkpoint")
	ready := h.as("").do("GET /readyz", nil).has("ready", false, "ledger.ready", true, "projections.ready", false)
	assert.Equal(t, http.StatusServiceUnavailable, ready.status, "ready with a database that hangs")
}

func TestHeadLeavesNoticesDue(t *testing.T) {
	t.Parallel()
	h, home := githubOrganization(t)
	now := h.as("ada").do("PATCH "+home+"/members/cleo", o{"role": "admin"}).ok().position()
	h.reads("cleo", now, "/v1/users/cleo/notifications").count(1)
	h.as("cleo").do("HEAD "+home, nil).ok()
	h.as("cleo").told("GET "+home).has("notices.0.to", "admin")
}

func TestPastIsAskedForInTurn(t *testing.T) {
	t.Parallel()
	h, _ := githubOrganization(t)
	h = h.waitingBriefly()
	then := "GET /v1/export/state?at=2020-01-01T00:00:00Z"
	h.as("").do(then, nil).ok()
	leave := api.OccupyPast(t.Context(), h.server)
	got := h.as("").do(then, nil).refused(http.StatusServiceUnavailable, "busy")
	assert.NotEmpty(t, got.header.Get("Retry-After"), "it does not say when to come back")
	h.as("").do("GET /v1/export/state", nil).ok()
	leave()
	h.as("").do(then, nil).ok()
}
