package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres"
)

func TestNothingIsServedWithoutTheKey(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	for _, path := range []string{"/v1/organizations", "/v1/status", "/metrics", "/nowhere", "/docs/nowhere"} {
		for _, authorization := range []string{"", "Bearer", "Bearer wrong", "Basic " + rootKey, rootKey} {
			a := h.as("")
			a.header.Del("Authorization")
			if authorization != "" {
				a.header.Set("Authorization", authorization)
			}
			got := a.do("GET "+path, nil).refused(http.StatusUnauthorized, "no_key")
			assert.Equal(t, "Bearer", got.header.Get("Www-Authenticate"), path)
			assert.Empty(t, got.header.Get("Roster-Position"), path)
		}
	}
	a := h.as("")
	a.header.Del("Authorization")
	a.do("GET /healthz", nil).ok()
	a.do("GET /readyz", nil).ok().has("ready", true)
	h.as("").do("GET /metrics", nil).ok()
}

func TestActor(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	for _, named := range []string{"", "a\tb", strings.Repeat("x", 256)} {
		h.as("", "Roster-Actor", named).do("GET /v1/organizations", nil).refused(http.StatusBadRequest, "bad_actor")
	}
	twice := h.as("ada")
	twice.header.Add("Roster-Actor", "bob")
	twice.do("GET /v1/organizations", nil).refused(http.StatusBadRequest, "bad_actor")
	// A user called system is a user.
	h.as("system").do("GET /v1/status", nil).refused(http.StatusForbidden, "system_only")
}

func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	h.system(step{"POST /v1/organizations", o{"id": "acme", "owner": "ada"}})
	for _, tc := range []struct {
		what string
		body any
	}{
		{"POST /v1/organizations", nil},
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
		got := h.as("").do(tc.what, tc.body).refused(http.StatusBadRequest, "malformed")
		assert.NotContains(t, string(got.body), "Go ", tc.what)
	}
	h.as("").do("GET /v1/organizations?after=x", nil).refused(http.StatusBadRequest, "bad_cursor")
	h.as("", "Roster-Min-Position", "-1").do("GET /v1/organizations", nil).refused(http.StatusBadRequest, "malformed")
	h.as("").do("GET /v1/nothing", nil).refused(http.StatusNotFound, "no_route")
	h.as("").do("PUT /v1/organizations/acme", nil).refused(http.StatusMethodNotAllowed, "method_not_allowed")
	h.as("", "Content-Type", "text/csv").do("POST /v1/organizations", "a,b").refused(http.StatusUnsupportedMediaType, "unsupported_media_type").
		has("detail", "Send the body as JSON, with Content-Type: application/json.")
	long := strings.Repeat("x", 9<<20)
	h.as("").do("POST /v1/organizations/acme/members", o{"user": long}).refused(http.StatusRequestEntityTooLarge, "too_large")
	h.as("", "Idempotency-Key", "k").do("POST /v1/organizations/acme/members", o{"user": long}).refused(http.StatusRequestEntityTooLarge, "too_large")
	h.as("").do("POST /v1/access:check", long).refused(http.StatusRequestEntityTooLarge, "too_large")
}

// TestOperationsWithoutABody sends bodies to operations that take none.
func TestOperationsWithoutABody(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	h.system(
		step{"POST /v1/organizations", o{"id": "acme", "owner": "ada"}},
		step{"POST /v1/organizations/acme/projects", o{"id": "apollo"}},
	)
	const archive, remove = "POST /v1/organizations/acme/projects/apollo/archive", "DELETE /v1/organizations/acme/projects/apollo"
	for _, what := range []string{archive, remove, "POST /v1/users/ada/notifications/none/acknowledge"} {
		for body, detail := range map[string]string{
			`{"project": "gemini"}`: "body.project: unexpected property",
			"[]":                    "body: expected object",
			"null":                  "body: expected object",
			"{":                     "body: this is no JSON at byte 1: unexpected EOF",
		} {
			h.as("").do(what, body).refused(http.StatusBadRequest, "malformed").has("detail", detail)
		}
		h.as("").do(what, strings.Repeat("x", 9<<20)).refused(http.StatusRequestEntityTooLarge, "too_large")
	}
	h.as("").do(archive, "").ok().has("changed", true)
	h.as("", "Idempotency-Key", "k").do(remove, "{}").ok().has("changed", true)
}

// TestBodiesAreJSONWhateverCurlCallsThem sends what curl sends where nobody says what
// a body is.
func TestBodiesAreJSONWhateverCurlCallsThem(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	curl := h.as("", "Content-Type", "application/x-www-form-urlencoded")
	curl.do("POST /v1/organizations", `{"id": "acme", "owner": "ada"}`).ok().has("id", "acme")
	curl.do("POST /v1/organizations/acme/commands", `{"commands": [{"type": "add_member", "user": "bob"}]}`).ok().has("changed", true)
	curl.do("POST /v1/organizations", "id=evil&owner=eve").refused(http.StatusBadRequest, "malformed")
	bare := h.as("")
	bare.header.Del("Content-Type")
	bare.do("PATCH /v1/organizations/acme", `{"name": "Acme"}`).ok().has("changed", true)
}

// TestMomentsInQueries asks for the past by a time, and by a date.
func TestMomentsInQueries(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	h.system(step{"POST /v1/organizations?occurred_at=2020-03-01T12:00:00Z", o{"id": "acme", "owner": "ada"}})
	for at, there := range map[string]bool{
		"2020-03-01": false, "2020-03-02": true, "2020-03-01T11:59:59Z": false, "2020-03-01T14:00:00%2B01:00": true,
	} {
		found := h.as("").do("GET /v1/export/state?at="+at, nil).ok().at("acme") != nil
		explained := h.as("").do("GET /v1/organizations/acme/projects/none/access/ada?at="+at, nil).ok().at("at") != nil
		assert.Equal(t, there, found, "is the organization there at %s?", at)
		assert.True(t, explained, "the explanation at %s lacks its time", at)
	}
	h.as("").do("GET /v1/organizations/acme/events?since=yesterday", nil).refused(http.StatusBadRequest, "malformed").
		has("detail", `query.since: invalid value: "yesterday" is no time: write it as 2006-01-02T15:04:05Z, or as 2006-01-02`)
}

func TestAnswersDoNotFallBehind(t *testing.T) {
	t.Parallel()
	h := startServer(t)
	made := h.as("ada").do("POST /v1/organizations", o{"id": "acme"}).ok()
	h.reads("ada", made.position(), "/v1/organizations").count(1)
	h = h.waitingBriefly()
	beyond := made.position() + 1
	got := h.reads("ada", beyond, "/v1/organizations/acme").refused(http.StatusServiceUnavailable, "behind")
	assert.NotEmpty(t, got.header.Get("Retry-After"), "it does not say when to come back, or where it stands")
	assert.Equal(t, made.position(), got.position(), "it does not say when to come back, or where it stands")

	// Where the read models stand still, memory goes on and lists say so.
	h.stopProjecting()
	next := h.as("ada").do("POST /v1/organizations/acme/projects", o{"id": "p"}).ok()
	h.reads("ada", next.position(), "/v1/organizations/acme/projects/p").ok()
	h.reads("ada", next.position(), "/v1/organizations/acme/projects").refused(http.StatusServiceUnavailable, "behind")
	stale := h.as("ada").do("GET /v1/organizations/acme/projects", nil).count(0)
	assert.Less(t, stale.position(), next.position(), "a list that lags behind claims position and ETag")
	assert.Empty(t, stale.header.Get("ETag"), "a list that lags behind claims position and ETag")
	_, err := strconv.Atoi(stale.header.Get("Roster-Position"))
	assert.NoError(t, err)
	ready := h.as("").do("GET /readyz", nil)
	assert.Equal(t, http.StatusServiceUnavailable, ready.status, "ready with a projector that stands still")
	ready.has("ready", false, "projections.ready", false, "ledger.ready", true, "inbox.ready", true)
}

func TestDatabaseOutOfReach(t *testing.T) {
	t.Parallel()
	cluster, err := postgres.Start(t.Context(), postgres.Config{Dir: t.TempDir(), Disposable: true})
	require.NoError(t, err)
	h := startServerOn(t, cluster.URL())
	made := h.system(step{"POST /v1/organizations", o{"id": "acme", "owner": "ada"}})
	h.reads("ada", made, "/v1/organizations").count(1)
	require.NoError(t, cluster.Stop(t.Context()))
	h.as("ada").do("POST /v1/organizations/acme/projects", o{"id": "p"}).ok()
	h.as("ada").do("GET /v1/organizations/acme/projects/p", nil).ok()
	h.as("ada").do("GET /v1/organizations/acme/projects", nil).refused(http.StatusServiceUnavailable, "database_unavailable")
	h.as("").do("GET /readyz", nil).has("ready", false, "projections.ready", false)
}
