package api_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/postgres"
)

func TestNothingIsServedWithoutTheKey(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	nobody := h.As("").Without("Authorization")
	for _, path := range []string{"/v1/organizations", "/v1/status", "/metrics", "/nowhere", "/docs/nowhere"} {
		for _, actor := range []apirequest.Actor{
			nobody, nobody.With("Authorization", "Bearer"), nobody.With("Authorization", "Bearer wrong"),
			nobody.With("Authorization", "Basic "+h.Key), nobody.With("Authorization", h.Key),
		} {
			got := actor.Ask("GET "+path).Refused(http.StatusUnauthorized, "no_key")
			assert.Equal(t, "Bearer", got.Header.Get("Www-Authenticate"), path)
			assert.Empty(t, got.Header.Get("Roster-Position"), path)
		}
	}
	nobody.Sees("/healthz")
	nobody.Sees("/readyz").Has("ready", true, "position", nil, "ledger", nil, "projections", nil, "inbox", nil)
	nobody.With("Authorization", "Bearer wrong").Sees("/readyz").Has("ready", true, "position", nil)
	h.As("").Sees("/readyz").Has("ready", true, "ledger.ready", true, "inbox.ready", true)
	h.As("").Sees("/metrics")
}

func TestActor(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	for _, named := range []string{"", "a\tb", strings.Repeat("x", 256)} {
		h.As("").With("Roster-Actor", named).Ask("GET /v1/organizations").Refused(http.StatusBadRequest, "bad_actor")
	}
	h.As("").With("Roster-Actor", "ada", "bob").Ask("GET /v1/organizations").Refused(http.StatusBadRequest, "bad_actor")
	// A user called system is a user.
	h.As("system").Ask("GET /v1/status").Refused(http.StatusForbidden, "system_only")
}

func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	for _, tc := range []struct {
		what string
		body any
	}{
		{"POST /v1/organizations/acme/invites", nil},
		{"POST /v1/organizations", "{"},
		{"POST /v1/organizations", "[]"},
		{"POST /v1/organizations", o{"nick": "x"}},
		{"POST /v1/organizations", o{"name": 7}},
		{"POST /v1/organizations/acme/members", o{}},
		{"GET /v1/organizations?limit=0", nil},
		{"GET /v1/organizations?limit=many", nil},
		{"GET /v1/organizations?page=2", nil},
		{"GET /v1/organizations/acme/events?order=sideways", nil},
		{"GET /v1/events?form=1", nil},
		{"GET /v1/events?from=one", nil},
		{"GET /v1/events?by_system=perhaps", nil},
		{"GET /v1/export/state?at=now", nil},
		{"GET /v1/organizations/acme/projects/p/access/ada?at=yesterday", nil},
		{"GET /v1/organizations/acme/events?since=2026-13-01", nil},
		{"GET /v1/export/state?source=rumours", nil},
		{"GET /v1/export/state?source=database&at=2020-01-01T00:00:00Z", nil},
		{"POST /v1/access:check", "{"},
		{"POST /v1/access:check", o{"question": []o{}}},
	} {
		got := h.As("").Ask(tc.what, tc.body).Refused(http.StatusBadRequest, "malformed")
		assert.NotContains(t, got.Body, "Go ", tc.what)
	}
	h.As("").Ask("GET /v1/organizations?after=x").Refused(http.StatusBadRequest, "bad_cursor")
	h.As("").With("Roster-Min-Position", "-1").Ask("GET /v1/organizations").Refused(http.StatusBadRequest, "malformed")
	h.As("").SeesNo("/v1/nothing", "no_route")
	h.As("").Ask("PUT /v1/organizations/acme").Refused(http.StatusMethodNotAllowed, "method_not_allowed")
	h.As("").With("Content-Type", "text/csv").Ask("POST /v1/organizations", "a,b").Refused(http.StatusUnsupportedMediaType, "unsupported_media_type").
		Has("detail", "Send the body as JSON, with Content-Type: application/json.")
	long := strings.Repeat("x", 9<<20)
	h.As("").Ask("POST /v1/organizations/acme/members", o{"user": long}).Refused(http.StatusRequestEntityTooLarge, "too_large")
	h.As("").With("Idempotency-Key", "k").Ask("POST /v1/organizations/acme/members", o{"user": long}).Refused(http.StatusRequestEntityTooLarge, "too_large")
	h.As("").Ask("POST /v1/access:check", long).Refused(http.StatusRequestEntityTooLarge, "too_large")
}

// TestOperationsWithoutABody sends bodies to operations that take none.
func TestOperationsWithoutABody(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	h.As("").May("POST /v1/organizations/acme/projects", o{"id": "apollo"})
	const archive, remove = "POST /v1/organizations/acme/projects/apollo/archive", "DELETE /v1/organizations/acme/projects/apollo"
	for _, what := range []string{archive, remove, "POST /v1/users/ada/notifications/none/acknowledge"} {
		for body, detail := range map[string]string{
			`{"project": "gemini"}`: "body.project: unexpected property",
			"[]":                    "body: expected object",
			"null":                  "body: expected object",
			"{":                     "body: this is no JSON at byte 1: unexpected EOF",
		} {
			h.As("").Ask(what, body).Refused(http.StatusBadRequest, "malformed").Has("detail", detail)
		}
		h.As("").Ask(what, strings.Repeat("x", 9<<20)).Refused(http.StatusRequestEntityTooLarge, "too_large")
	}
	h.As("").May(archive, "").Has("changed", true)
	h.As("").With("Idempotency-Key", "k").May(remove, "{}").Has("changed", true)
}

// TestBodiesAreJSONWhateverCurlCallsThem sends what curl sends where nobody says what
// a body is.
func TestBodiesAreJSONWhateverCurlCallsThem(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	curl := h.As("").With("Content-Type", "application/x-www-form-urlencoded")
	curl.May("POST /v1/organizations", `{"id": "acme", "owner": "ada"}`).Has("id", "acme")
	curl.May("POST /v1/organizations/acme/commands", `{"commands": [{"type": "add_member", "user": "bob"}]}`).Has("changed", true)
	curl.Ask("POST /v1/organizations", "id=evil&owner=eve").Refused(http.StatusBadRequest, "malformed")
	h.As("").Without("Content-Type").May("PATCH /v1/organizations/acme", `{"name": "Acme"}`).Has("changed", true)
}

// TestMomentsInQueries asks for the past by a time, and by a date.
func TestMomentsInQueries(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	h.As("").May("POST /v1/organizations?occurred_at=2020-03-01T12:00:00Z", o{"id": "acme", "owner": "ada"})
	for at, there := range map[string]bool{
		"2020-03-01": false, "2020-03-02": true, "2020-03-01T11:59:59Z": false, "2020-03-01T14:00:00%2B01:00": true,
	} {
		found := h.As("").Sees("/v1/export/state?at="+at).At("acme") != nil
		explained := h.As("").Sees("/v1/organizations/acme/projects/none/access/ada?at="+at).At("at") != nil
		assert.Equal(t, there, found, "is the organization there at %s?", at)
		assert.True(t, explained, "the explanation at %s lacks its time", at)
	}
	h.As("").Ask("GET /v1/organizations/acme/events?since=yesterday").Refused(http.StatusBadRequest, "malformed").
		Has("detail", `query.since: invalid value: "yesterday" is no time: write it as 2006-01-02T15:04:05Z, or as 2006-01-02, in the years 1 to 9999`)
}

func TestAnswersDoNotFallBehind(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	made := h.As("ada").May("POST /v1/organizations", o{"id": "acme"})
	h.As("ada").Sees("/v1/organizations").Count(1)
	patient := h
	h = waitingBriefly(h)
	beyond := made.Position() + 1
	got := h.As("ada").AtLeast(beyond).Ask("GET /v1/organizations/acme").Refused(http.StatusServiceUnavailable, "behind")
	assert.NotEmpty(t, got.Header.Get("Retry-After"), "it does not say when to come back, or where it stands")
	assert.Equal(t, made.Position(), got.Position(), "it does not say when to come back, or where it stands")

	// Where the read models stand still, memory goes on and lists say so.
	h.StopProjecting()
	next := h.As("ada").May("POST /v1/organizations/acme/projects", o{"id": "p"})
	patient.As("ada").AtLeast(next.Position()).Sees("/v1/organizations/acme/projects/p") // the notifications go on, too
	h.As("ada").AtLeast(next.Position()).Ask("GET /v1/organizations/acme/projects").Refused(http.StatusServiceUnavailable, "behind")
	stale := h.As("ada").Sees("/v1/organizations/acme/projects").Count(0)
	assert.Less(t, stale.Position(), next.Position(), "a list that lags behind claims position and ETag")
	assert.Empty(t, stale.Header.Get("ETag"), "a list that lags behind claims position and ETag")
	ready := h.As("").Ask("GET /readyz")
	assert.Equal(t, http.StatusServiceUnavailable, ready.Status, "ready with a projector that stands still")
	ready.Has("ready", false, "projections.ready", false, "ledger.ready", true, "inbox.ready", true)
}

func TestDatabaseOutOfReach(t *testing.T) {
	t.Parallel()
	cluster, err := postgres.Start(t.Context(), postgres.Config{Dir: t.TempDir(), Disposable: true})
	require.NoError(t, err)
	h := apitest.StartOn(t, cluster.URL())
	h.As("").May("POST /v1/organizations", o{"id": "acme", "owner": "ada"})
	h.As("ada").Sees("/v1/organizations").Count(1)
	require.NoError(t, cluster.Stop(t.Context()))
	h.As("ada").May("POST /v1/organizations/acme/projects", o{"id": "p"})
	h.As("ada").Sees("/v1/organizations/acme/projects/p")
	h.As("ada").AtLeast(0).Ask("GET /v1/organizations/acme/projects").Refused(http.StatusServiceUnavailable, "database_unavailable")
	h.As("").Ask("GET /readyz").Has("ready", false, "projections.ready", false)
}

// readDeadline is an answer that keeps the deadline for reading the request.
type readDeadline struct {
	*httptest.ResponseRecorder

	deadlines []time.Time
}

func (d *readDeadline) SetReadDeadline(at time.Time) error {
	d.deadlines = append(d.deadlines, at)
	return nil
}

// TestCommandsOutliveTheDeadlineOfTheirBody holds that a command which takes long is not ended by
// the deadline for reading its body.
func TestCommandsOutliveTheDeadlineOfTheirBody(t *testing.T) {
	t.Parallel()
	h := apitest.Start(t)
	request := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/organizations", strings.NewReader(`{"id": "acme", "owner": "ada"}`))
	request.Header.Set("Authorization", "Bearer "+h.Key)
	request.Header.Set("Content-Type", "application/json")
	answer := &readDeadline{ResponseRecorder: httptest.NewRecorder()}
	h.API.ServeHTTP(answer, request)
	require.Equal(t, http.StatusCreated, answer.Code, answer.Body)
	require.Len(t, answer.deadlines, 2)
	assert.False(t, answer.deadlines[0].IsZero())
	assert.True(t, answer.deadlines[1].IsZero(), "the deadline is over once the body is read")
}
