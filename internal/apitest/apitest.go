// Package apitest starts the whole server for a test: desk, ledger, keyring, read models,
// inbox and API, with a real NATS server and a real database.
//
//	func TestMain(m *testing.M) { pgtest.Main(m, migrations.Up) }
//
//	func TestOwners(t *testing.T) {
//		h := apitest.Start(t)
//		h.As("ada").May("POST /v1/organizations", map[string]any{"id": "acme"})
//		h.As("ada").Sees("/v1/organizations/acme").Has("role", "owner")
//	}
//
// [Server.As] returns who makes requests, and package apirequest says what they can assert.
// Every answer is held against the OpenAPI document; what that does not describe fails the
// test. The server ends with the test.
package apitest

import (
	"context"
	"crypto/sha256"
	"errors"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/openapitest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/notify"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

// rootKey is the key of every server.
const rootKey = "a key for tests"

// Server is a server with everything behind it.
type Server struct {
	apirequest.Server

	API    *api.Server
	Config api.Config
	Desk   *api.Desk
	NATS   *nats.Conn
	// Master wraps the keys on the server.
	Master keyring.MasterKey

	t testing.TB
	// seen is the newest position of an answer.
	seen          *events.Position
	stopProjector func()
}

// Start starts a server on a database of its own.
func Start(t testing.TB) *Server {
	t.Helper()
	return StartOn(t, pgtest.New(t))
}

// StartOn starts a server on a database.
func StartOn(t testing.TB, database string) *Server {
	t.Helper()
	return start(t, database, nil)
}

// StartAt starts a server with a clock, on a database of its own.
func StartAt(t testing.TB, c *clock.Clock) *Server {
	t.Helper()
	return start(t, pgtest.New(t), c)
}

func start(t testing.TB, database string, c *clock.Clock) *Server {
	t.Helper()
	conn := bustest.Connect(t, bustest.Server(t))
	ledger := bustest.Open(t, conn)
	master, _ := keyring.NewMasterKey()
	keys, err := keyring.Open(t.Context(), conn, keyring.Config{Master: master})
	require.NoError(t, err)
	opened := func(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error) {
		text, err := keys.Open(ctx, org, sealed)
		if errors.Is(err, keyring.ErrForgotten) {
			return "", nil
		}
		return text, err
	}
	quiet := slog.New(slog.DiscardHandler)
	read, err := projections.Open(t.Context(), database, opened, quiet)
	require.NoError(t, err)
	t.Cleanup(read.Close)
	metrics := api.NewMetrics(nil)
	desk, err := bus.NewDesk[domain.Roster, domain.Command](t.Context(), ledger, domain.Roster{}, bus.DeskConfig{Clock: c, Meter: metrics.Meter(), Alone: true})
	require.NoError(t, err)
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	s := &Server{t: t, seen: new(events.Position), Desk: desk, NATS: conn, Master: master, Config: api.Config{
		Desk: desk, Ledger: ledger, Database: read, Keyring: keys, Schemes: schemes,
		RootKeyHash: sha256.Sum256([]byte(rootKey)), Metrics: metrics, Log: quiet, MinPositionWait: 20 * time.Second,
	}}
	s.run("desk", desk.Run)
	s.run("inbox", func(ctx context.Context) error { return notify.Run(ctx, desk.Follower(), read.Inbox(), quiet) })
	s.stopProjector = s.run("projector", func(ctx context.Context) error { return read.Project(ctx, desk.Follower()) })
	s.serve()
	return s
}

// Configured returns another server in front of the same desk, ledger and read models,
// with metrics of its own.
func (s *Server) Configured(change func(*api.Config)) *Server {
	s.t.Helper()
	other := *s
	other.Config.Metrics = nil
	change(&other.Config)
	other.serve()
	return &other
}

// StopProjecting ends the projector alone. The read models then stay as they are, and what
// one reads may be older than what was answered before.
func (s *Server) StopProjecting() {
	s.stopProjector()
	s.seen = nil
}

// As returns who makes requests as a user; the empty one is the system. What one
// reads is never older than what was answered before, to whomever. Requests must not be made
// at the same time; a test that needs this uses [apirequest.Server.As].
func (s *Server) As(user string) apirequest.Actor { return s.Server.As(s.t, user).Seeing(s.seen) }

// serve puts the API in front of everything.
func (s *Server) serve() {
	s.t.Helper()
	server, err := api.New(s.Config)
	require.NoError(s.t, err)
	validator, err := validator()
	require.NoError(s.t, err)
	front := httptest.NewServer(validator.Handler(server, s.t.Error))
	s.t.Cleanup(func() {
		server.CloseStreams()
		front.Close()
	})
	s.API, s.Server = server, apirequest.Server{URL: front.URL, Key: rootKey, Client: front.Client()}
}

// validator is shared by all servers: it takes time to read the document.
var validator = sync.OnceValues(func() (*openapitest.Validator, error) {
	document, err := api.Description()
	if err != nil {
		return nil, err
	}
	return openapitest.New(document)
})

// run runs a part of the server until the test ends, or until it is stopped.
func (s *Server) run(name string, part func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.t.Context()))
	done := make(chan error, 1)
	go func() { done <- part(ctx) }()
	stop = sync.OnceFunc(func() {
		cancel()
		if err := <-done; !errors.Is(err, context.Canceled) {
			assert.NoError(s.t, err, name)
		}
	})
	s.t.Cleanup(stop)
	return stop
}
