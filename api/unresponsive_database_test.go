package api_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// withLockedTables is a server whose read models hang: somebody holds their tables.
func withLockedTables(t *testing.T, tables string) (*apitest.Server, string) {
	t.Helper()
	database := pgtest.New(t)
	h := apitest.StartOn(t, database)
	const org = "/v1/organizations/acme"
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	h.As("").May("POST "+org+"/members", o{"user": "bob"})
	h.As("").May("PATCH "+org+"/members/bob", o{"role": "owner"})
	h.As("ada").Sees(org + "/members").Count(2)
	h.As("bob").Sees("/v1/users/bob/notifications").Count(2)
	h.StopProjecting()
	lock(t, database, tables)
	return h, org
}

// lock lets nobody else read or write tables until the test ends.
func lock(t *testing.T, database, tables string) {
	t.Helper()
	other, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, other.Close(context.WithoutCancel(t.Context()))) })
	_, err = other.Exec(t.Context(), "BEGIN; LOCK TABLE "+tables)
	require.NoError(t, err)
}

//roster:fault PostgreSQL holds tables locked | what is answered from memory goes on; lists answer 503 `timeout`
func TestMemoryAnswersWhereTheReadModelsHang(t *testing.T) {
	t.Parallel()
	h, org := withLockedTables(t, "roster_inbox.notification, roster.member")
	h.As("bob").AtLeast(0).Sees(org).Has("role", "owner", "notices", nil)
	h.As("ada").Ask("GET "+org+"/members").Refused(http.StatusServiceUnavailable, "timeout").
		Has("detail", `"list_members" took longer than its limit of 5s; ask for less, or try again later.`)
}

func TestReadinessAsksTheDatabase(t *testing.T) {
	t.Parallel()
	h, _ := withLockedTables(t, "roster.checkpoint")
	ready := h.As("").Ask("GET /readyz").Has("ready", false, "ledger.ready", true, "projections.ready", false)
	assert.Equal(t, http.StatusServiceUnavailable, ready.Status, "ready with a database that hangs")
}

// TestReadinessDoesNotWaitForNotices holds that a server whose notices do not get through is
// ready, and says of the inbox that it is not.
//
//roster:fault notices do not get through | the server is ready; with the root key, `/readyz` says that the inbox is not
func TestReadinessDoesNotWaitForNotices(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	h := apitest.StartOn(t, database)
	lock(t, database, "roster_inbox.checkpoint")
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	apirequest.Server{URL: h.URL, Client: h.Client}.As(t, "").Sees("/readyz").Has("ready", true)
	h.As("").Sees("/readyz").Has("ready", true, "projections.ready", true, "inbox.ready", false)
}

func TestPastIsAskedForInTurn(t *testing.T) {
	t.Parallel()
	h, org := githubOrganization(t)
	h = waitingBriefly(h)
	leave := api.OccupyPast(t.Context(), h.API)
	then := "at=" + url.QueryEscape(time.Now().UTC().Format(time.RFC3339Nano))
	paths := []string{"/v1/export/state?", "/v1/organizations?", org + "?", org + "/scheme?", org + "/members/bob?", org + "/members?", org + "/reports/project-admins?"}
	for _, path := range paths {
		got := h.As("").Ask("GET "+path+then).Refused(http.StatusServiceUnavailable, "busy")
		assert.NotEmpty(t, got.Header.Get("Retry-After"), "it does not say when to come back")
		h.As("").Sees(path)
	}
	leave()
	for _, path := range paths {
		h.As("").Sees(path + then)
	}
}

// TestPastIsReadForThoseWhoMayAsk has questions about the past that are answered without it.
func TestPastIsReadForThoseWhoMayAsk(t *testing.T) {
	t.Parallel()
	h, _ := githubOrganization(t)
	h = waitingBriefly(h)
	question := func(user, project string) o {
		return o{"organization": "acme", "user": user, "project": project, "permission": "code", "level": "view"}
	}
	ask := func(actor string, questions ...o) apirequest.Reply {
		return h.As(actor).Ask("POST /v1/access:check", o{"questions": questions, "at": time.Now()})
	}
	leave := api.OccupyPast(t.Context(), h.API)
	ask("zoe").OK()
	ask("zoe", question("zoe", "apollo")).OK().Has("answers.0.allowed", false)
	ask("cleo", question("cleo", "gemini")).OK().Has("answers.0.allowed", false)
	ask("zoe", question("bob", "apollo")).Refused(http.StatusNotFound, "no_organization")
	ask("dan", question("dan", "apollo")).Refused(http.StatusServiceUnavailable, "busy")
	leave()
	ask("dan", question("dan", "apollo")).OK()
}

// TestPostgresMayEndAStatement has a database with a limit of its own.
func TestPostgresMayEndAStatement(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	limit, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	_, err = limit.Exec(t.Context(), "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lock_timeout = 100', current_database()); END $$")
	require.NoError(t, err)
	h := apitest.StartOn(t, database)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	h.As("ada").Sees("/v1/organizations/acme/members").Count(1)
	h.StopProjecting()
	_, err = limit.Exec(t.Context(), "BEGIN; LOCK TABLE roster.member")
	require.NoError(t, err)
	got := h.As("ada").Ask("GET /v1/organizations/acme/members").Refused(http.StatusServiceUnavailable, "timeout")
	assert.NotEmpty(t, got.Header.Get("Retry-After"))
	require.NoError(t, limit.Close(t.Context()))
}
