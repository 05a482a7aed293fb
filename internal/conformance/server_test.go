package conformance_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/conformance"
	"github.com/seed-2026d078/roster/internal/openapitest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/migrations"
	"github.com/seed-2026d078/roster/notify"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

func TestMain(m *testing.M) { pgtest.Main(m, migrations.Up) }

// startServer starts a server with everything that it needs, for all cases of a test.
func startServer(t *testing.T) conformance.Server {
	t.Helper()
	const key = "a key for tests"
	conn := bustest.Connect(t, bustest.Server(t))
	ledger := bustest.Open(t, conn)
	keys, err := keyring.Open(t.Context(), conn, 1)
	require.NoError(t, err)
	reading := func(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error) {
		text, err := keys.Open(ctx, org, sealed)
		if errors.Is(err, keyring.ErrForgotten) {
			return "", nil
		}
		return text, err
	}
	quiet := slog.New(slog.DiscardHandler)
	read, err := projections.Open(t.Context(), pgtest.New(t), reading, quiet)
	require.NoError(t, err)
	t.Cleanup(read.Close)
	metrics := api.NewMetrics(nil)
	desk, err := bus.NewDesk[domain.Roster, domain.Command](t.Context(), ledger, domain.Roster{}, bus.DeskConfig{Meter: metrics.Meter(), Alone: true})
	require.NoError(t, err)
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	server, err := api.New(api.Config{
		Desk: desk, Ledger: ledger, Database: read, Keyring: keys, Schemes: schemes,
		RootKeyHash: sha256.Sum256([]byte(key)), Metrics: metrics, Log: quiet,
	})
	require.NoError(t, err)
	runUntilDone(t, desk.Run)
	runUntilDone(t, func(ctx context.Context) error { return notify.Run(ctx, desk.Follower(), read.Inbox(), quiet) })
	runUntilDone(t, func(ctx context.Context) error { return read.Project(ctx, desk.Follower()) })
	document, err := api.Description()
	require.NoError(t, err)
	validator, err := openapitest.New(document)
	require.NoError(t, err)
	front := httptest.NewServer(validator.Handler(server, t.Error))
	t.Cleanup(func() {
		server.CloseStreams()
		front.Close()
	})
	return conformance.Server{URL: front.URL, Key: key, Client: front.Client()}
}

// runUntilDone runs a part of the server until the test ends.
func runUntilDone(t *testing.T, part func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	done := make(chan error, 1)
	go func() { done <- part(ctx) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			assert.NoError(t, err)
		}
	})
}
