package api_test

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/projections"
)

// damaged is a database with a damaged table. It was opened before: the first time, the read
// models are emptied.
func damaged(t *testing.T, table string) string {
	t.Helper()
	url := pgtest.New(t)
	database, err := projections.Open(t.Context(), url, nil, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	database.Close()
	return pgtest.Damage(t, url, table)
}

// TestDamagedReadModelsAreMended has a table whose pages cannot be read.
//
//roster:fault pages of the read models are damaged | commands and checks go on; lists that meet them answer 503 `read_models_damaged`, `/readyz` says so, and the read models are made anew by themselves while the server runs
func TestDamagedReadModelsAreMended(t *testing.T) {
	t.Parallel()
	h := apitest.StartOn(t, damaged(t, "roster.member"))
	const org = "/v1/organizations/acme"
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	h.As("").AtLeast(0).Ask("GET "+org+"/members").Refused(http.StatusServiceUnavailable, "read_models_damaged").
		Has("detail", "PostgreSQL cannot answer: the read models are damaged; they are made anew from the ledger. Commands and checks go on.")
	ready := h.As("").Ask("GET /readyz").Has("ready", false, "ledger.ready", true, "read_models.ok", false)
	assert.Equal(t, http.StatusServiceUnavailable, ready.Status)
	assert.Contains(t, ready.At("read_models.problem"), "they are made anew from the ledger")
	apirequest.Server{URL: h.URL, Client: h.Client}.As(t, "").Ask("GET /readyz").Has("ready", false)
	assert.Contains(t, h.As("").AtLeast(0).Sees("/metrics").Body, "roster_tables_damaged{tables=\"read_models\"} 1\n")

	mending, mended := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { h.Config.Database.Mend(mending, h.Config.Ledger) })
	require.Eventually(t, func() bool { return h.Config.Database.Damage(t.Context()) == nil }, 20*time.Second, 20*time.Millisecond, "it is mended")
	mended()
	running.Wait()
	h.As("").Sees(org + "/members").Count(1)
	h.As("").Sees("/readyz").Has("ready", true, "read_models.ok", true)
	assert.Contains(t, h.As("").Sees("/metrics").Body, "roster_tables_damaged{tables=\"read_models\"} 0\n")
}

//roster:fault pages of the notifications are damaged | the server is ready; `/readyz` says with the root key that the inbox is not, and what to do
func TestDamagedInboxIsNamed(t *testing.T) {
	t.Parallel()
	h := apitest.StartOn(t, damaged(t, "roster_inbox.notification"))
	h.As("ada").Ask("GET /v1/users/ada/notifications").Refused(http.StatusServiceUnavailable, "read_models_damaged")
	require.Eventually(t, func() bool {
		ready := h.As("").Ask("GET /readyz")
		return ready.Status == http.StatusOK && ready.At("inbox.ready") == false && ready.At("read_models.ok") == true
	}, time.Minute, 50*time.Millisecond, "/readyz")
}
