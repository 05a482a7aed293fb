package api_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// withLockedTables is a server whose read models hang: somebody holds their tables.
func withLockedTables(t *testing.T, tables string) (*testServer, string) {
	t.Helper()
	url := pgtest.New(t)
	h := startServerOn(t, url)
	const org = "/v1/organizations/acme"
	now := h.system(
		step{"POST /v1/organizations", o{"id": "acme", "owner": "ada"}},
		step{"POST " + org + "/members", o{"user": "bob"}},
		step{"PATCH " + org + "/members/bob", o{"role": "owner"}},
	)
	h.reads("ada", now, org+"/members").count(2)
	h.reads("bob", now, "/v1/users/bob/notifications").count(1)
	h.stopProjecting()
	other, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, other.Close(context.WithoutCancel(t.Context()))) })
	_, err = other.Exec(t.Context(), "BEGIN; LOCK TABLE "+tables)
	require.NoError(t, err)
	return h, org
}

func TestMemoryAnswersWhereTheReadModelsHang(t *testing.T) {
	t.Parallel()
	h, org := withLockedTables(t, "roster_inbox.notification, roster.member")
	h.as("bob").do("GET "+org, nil).ok().has("role", "owner", "notices", nil)
	h.as("ada").do("GET "+org+"/members", nil).refused(http.StatusServiceUnavailable, "database_unavailable")
}

func TestReadinessAsksTheDatabase(t *testing.T) {
	t.Parallel()
	h, _ := withLockedTables(t, "roster.checkpoint")
	ready := h.as("").do("GET /readyz", nil).has("ready", false, "ledger.ready", true, "projections.ready", false)
	assert.Equal(t, http.StatusServiceUnavailable, ready.status, "ready with a database that hangs")
}

func TestHeadLeavesNoticesDue(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	now := h.as("ada").do("PATCH "+org+"/members/cleo", o{"role": "admin"}).ok().position()
	h.reads("cleo", now, "/v1/users/cleo/notifications").count(1)
	h.as("cleo").do("HEAD "+org, nil).ok()
	h.as("cleo").awaitNotices("GET "+org).has("notices.0.to", "admin")
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
