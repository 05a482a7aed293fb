package api_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/openapitest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/migrations"
	"github.com/seed-2026d078/roster/natsserver"
	"github.com/seed-2026d078/roster/notify"
	"github.com/seed-2026d078/roster/projections"
	"github.com/seed-2026d078/roster/scheme"
)

func TestMain(m *testing.M) { pgtest.Main(m, migrations.Up) }

const rootKey = "a key for tests"

// testServer is everything behind one address, with real servers.
type testServer struct {
	t       testing.TB
	url     string
	server  *api.Server
	desk    *api.Desk
	ledger  *bus.Ledger
	nats    *natsserver.Server
	keyring *keyring.Keyring
	config  api.Config
	// stopProjecting ends the projector alone.
	stopProjecting func()
}

func startServer(t testing.TB) *testServer {
	t.Helper()
	return startServerOn(t, pgtest.New(t))
}

// startServerOn opens a server on a database of its own.
func startServerOn(t testing.TB, database string) *testServer {
	t.Helper()
	nats := bustest.Server(t)
	nc := bustest.Connect(t, nats)
	ledger := bustest.Open(t, nc)
	keys, err := keyring.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	reading := func(ctx context.Context, org events.OrganizationID, s events.Sealed) (string, error) {
		text, err := keys.Open(ctx, org, s)
		if errors.Is(err, keyring.ErrForgotten) {
			return "", nil
		}
		return text, err
	}
	quiet := slog.New(slog.DiscardHandler)
	read, err := projections.Open(t.Context(), database, reading, quiet)
	require.NoError(t, err)
	t.Cleanup(read.Close)
	metrics := api.NewMetrics(nil)
	desk, err := bus.NewDesk[domain.Roster, domain.Command](t.Context(), ledger, domain.Roster{}, bus.DeskConfig{Meter: metrics.Meter()})
	require.NoError(t, err)
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	h := &testServer{t: t, desk: desk, ledger: ledger, nats: nats, keyring: keys, config: api.Config{
		Desk: desk, Ledger: ledger, Database: read, Keyring: keys, Schemes: schemes,
		RootKeyHash: sha256.Sum256([]byte(rootKey)), Metrics: metrics, Log: quiet, MinPositionWait: 20 * time.Second,
	}}
	h.runUntilEnd("desk", desk.Run)
	h.runUntilEnd("inbox", func(ctx context.Context) error { return notify.Run(ctx, desk.Follower(), read.Inbox(), quiet) })
	h.stopProjecting = h.runUntilEnd("projector", func(ctx context.Context) error { return read.Project(ctx, desk.Follower()) })
	h.serve()
	return h
}

// serve puts a server in front of everything.
func (h *testServer) serve() {
	h.t.Helper()
	server, err := api.New(h.config)
	require.NoError(h.t, err)
	front := httptest.NewServer(sharedValidator(h.t).Handler(server, h.t.Error))
	h.t.Cleanup(func() {
		server.CloseStreams()
		front.Close()
	})
	h.url, h.server = front.URL, server
}

// sharedValidator validates answers against the OpenAPI document.
func sharedValidator(t testing.TB) *openapitest.Validator {
	t.Helper()
	validator, err := validator()
	require.NoError(t, err)
	return validator
}

var validator = sync.OnceValues(func() (*openapitest.Validator, error) {
	document, err := api.Description()
	if err != nil {
		return nil, err
	}
	return openapitest.New(document)
})

// waitingBriefly is the same behind a server that hardly waits for positions.
func (h *testServer) waitingBriefly() *testServer {
	other := *h
	other.config.Metrics, other.config.MinPositionWait = nil, 100*time.Millisecond
	other.serve()
	return &other
}

// runUntilEnd runs a part of the server until the test ends, or until it is stopped.
func (h *testServer) runUntilEnd(name string, part func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(h.t.Context()))
	done := make(chan error, 1)
	go func() { done <- part(ctx) }()
	stopped := false
	stop = func() {
		if stopped {
			return
		}
		stopped = true
		cancel()
		err := <-done
		if !errors.Is(err, context.Canceled) {
			assert.NoError(h.t, err, name)
		}
	}
	h.t.Cleanup(stop)
	return stop
}

// ask is a request in the making.
type ask struct {
	h      *testServer
	actor  string
	header http.Header
}

// as acts on behalf of a user; the empty one is the system.
func (h *testServer) as(actor string, headers ...string) ask {
	a := ask{h, actor, http.Header{"Authorization": {"Bearer " + rootKey}}}
	if actor != "" {
		a.header.Set("Roster-Actor", actor)
	}
	for i := 0; i < len(headers); i += 2 {
		a.header.Set(headers[i], headers[i+1])
	}
	return a
}

// reply is what came back.
type reply struct {
	t      testing.TB
	what   string
	status int
	header http.Header
	body   []byte
}

// do sends "METHOD /path" with a body, which may be nil, a text, or a value.
func (a ask) do(what string, body any) reply {
	a.h.t.Helper()
	method, path, _ := strings.Cut(what, " ")
	var text []byte
	switch body := body.(type) {
	case nil:
	case string:
		text = []byte(body)
	default:
		var err error
		text, err = json.Marshal(body)
		require.NoError(a.h.t, err)
	}
	request, err := http.NewRequestWithContext(a.h.t.Context(), method, a.h.url+path, bytes.NewReader(text))
	require.NoError(a.h.t, err)
	request.Header = a.header.Clone()
	answer, err := http.DefaultClient.Do(request)
	require.NoError(a.h.t, err)
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	require.NoError(a.h.t, err)
	return reply{a.h.t, what + " as " + a.actor, answer.StatusCode, answer.Header, read}
}

// ok demands a status below 300 and returns the same reply.
func (r reply) ok() reply {
	r.t.Helper()
	require.Less(r.t, r.status, http.StatusMultipleChoices)
	return r
}

// refused demands a problem.
func (r reply) refused(status int, code string) reply {
	r.t.Helper()
	var problem api.Problem
	require.NoError(r.t, json.Unmarshal(r.body, &problem))
	require.Equal(r.t, "application/problem+json", r.header.Get("Content-Type"))
	require.Equal(r.t, status, r.status)
	require.Equal(r.t, status, problem.Status)
	require.Equal(r.t, code, problem.Code)
	require.Equal(r.t, "/problems/"+code, problem.Type)
	require.NotEmpty(r.t, problem.Detail)
	require.NotEmpty(r.t, problem.Instance)
	return r
}

// position returns the reply's, which every answer but that of a public route has.
func (r reply) position() events.Position {
	r.t.Helper()
	n, err := strconv.ParseUint(r.header.Get("Roster-Position"), 10, 64)
	require.NoError(r.t, err)
	return events.Position(n)
}

// at follows keys and indexes, as in "items.0.user"; what is not there is nil.
func (r reply) at(path string) any {
	r.t.Helper()
	var found any
	require.NoError(r.t, json.Unmarshal(r.body, &found))
	for key := range strings.SplitSeq(path, ".") {
		switch here := found.(type) {
		case map[string]any:
			found = here[key]
		case []any:
			i, err := strconv.Atoi(key)
			if err != nil || i >= len(here) {
				return nil
			}
			found = here[i]
		default:
			return nil
		}
	}
	return found
}

// has demands values at paths.
func (r reply) has(pairs ...any) reply {
	r.t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		path, _ := pairs[i].(string)
		want := pairs[i+1]
		if n, ok := want.(int); ok {
			want = float64(n)
		}
		assert.Equal(r.t, want, r.at(path), "%s: %s %s", r.what, path, r.body)
	}
	return r
}

// count demands how many items a list has.
func (r reply) count(n int) reply {
	r.t.Helper()
	items, _ := r.ok().at("items").([]any)
	assert.Len(r.t, items, n, "%s %s", r.what, r.body)
	return r
}

// system gives commands that must succeed, and returns the position of the last.
func (h *testServer) system(steps ...step) events.Position {
	h.t.Helper()
	var last events.Position
	for _, s := range steps {
		last = h.as("").do(s.what, s.body).ok().position()
	}
	return last
}

type step struct {
	what string
	body any
}

// reads lists what the database has once it has come as far as a position.
func (h *testServer) reads(actor string, seen events.Position, what string) reply {
	h.t.Helper()
	return h.as(actor, "Roster-Min-Position", strconv.FormatUint(uint64(seen), 10)).do("GET "+what, nil)
}

// o is a body.
type o = map[string]any
