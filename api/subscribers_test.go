package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/api"
	"github.com/seed-2026d078/roster/internal/apitest"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// withFeed returns a server whose feed can be read, with the organizations acme and other.
func withFeed(t *testing.T) *apitest.Server {
	t.Helper()
	h := apitest.Start(t)
	registry, err := subscriber.Open(t.Context(), h.NATS, 1)
	require.NoError(t, err)
	h = h.Configured(func(c *api.Config) { c.Subscribers, c.SubscriberURL = registry, "nats://roster.example:4222" })
	for _, org := range []string{"acme", "other"} {
		h.As("ada").May("POST /v1/organizations", o{"id": org})
	}
	return h
}

func publicKey(t *testing.T) string {
	t.Helper()
	_, key, err := subscriber.NewKey()
	require.NoError(t, err)
	return key
}

func TestSubscribers(t *testing.T) {
	t.Parallel()
	h := withFeed(t)
	system := h.As("")
	system.Sees("/v1/subscribers").Has("items", []any{})

	key := publicKey(t)
	created := system.May("POST /v1/subscribers", o{"name": "search", "organizations": []string{"acme"}, "public_key": key})
	assert.Equal(t, http.StatusCreated, created.Status)
	created.Has("name", "search").Has("public_key", key).Has("nats", "nats://roster.example:4222").Has("organizations", []any{"acme"})
	assert.Nil(t, created.At("credentials"), "the seed is with the caller")
	assert.Equal(t, 2, strings.Count(created.Text("jwt"), "."))
	system.Sees("/v1/subscribers/search").Has("name", "search").Has("public_key", key)

	made := system.May("POST /v1/subscribers", o{"name": "chat"})
	credentials := made.Text("credentials")
	pair, err := nkeys.ParseDecoratedUserNKey([]byte(credentials))
	require.NoError(t, err)
	public, err := pair.PublicKey()
	require.NoError(t, err)
	made.Has("public_key", public)
	userJWT, err := nkeys.ParseDecoratedJWT([]byte(credentials))
	require.NoError(t, err)
	assert.Equal(t, made.Text("jwt"), userJWT)
	system.Sees("/v1/subscribers").Has("items.0.name", "chat").Has("items.1.name", "search")
	page := system.Sees("/v1/subscribers?limit=1").Has("items.0.name", "chat")
	last := system.Sees("/v1/subscribers?limit=1&after="+page.Text("next")).Has("items.0.name", "search")
	assert.Nil(t, last.At("next"))
	assert.NotRegexp(t, "SU[A-Z2-7]{56}", system.Sees("/v1/subscribers").Body, "no seed")

	rotated := system.May("POST /v1/subscribers/search/rotate", o{})
	assert.NotEqual(t, key, rotated.Text("public_key"))
	assert.NotEmpty(t, rotated.Text("credentials"))
	system.Sees("/v1/subscribers/search").Has("public_key", rotated.Text("public_key"))

	system.May("DELETE /v1/subscribers/search").Has("name", "search")
	system.Ask("GET /v1/subscribers/search").Refused(http.StatusNotFound, "no_subscriber")
}

func TestSubscribersAreRefused(t *testing.T) {
	t.Parallel()
	h := withFeed(t)
	taken := publicKey(t)
	h.As("").May("POST /v1/subscribers", o{"name": "search", "public_key": taken})
	for name, row := range map[string]struct {
		as, request string
		body        o
		status      int
		code        string
	}{
		"by a user":                      {"ada", "POST /v1/subscribers", o{"name": "chat"}, http.StatusForbidden, "system_only"},
		"listed by a user":               {"ada", "GET /v1/subscribers", nil, http.StatusForbidden, "system_only"},
		"looked at by a user":            {"ada", "GET /v1/subscribers/search", nil, http.StatusForbidden, "system_only"},
		"rotated by a user":              {"ada", "POST /v1/subscribers/search/rotate", o{}, http.StatusForbidden, "system_only"},
		"dead letters seen by a user":    {"ada", "GET /v1/subscribers/search/dead-letters", nil, http.StatusForbidden, "system_only"},
		"dead letters of an unknown one": {"", "GET /v1/subscribers/none/dead-letters", nil, http.StatusNotFound, "no_subscriber"},
		"an unknown one is to try again": {"", "POST /v1/subscribers/none/dead-letters/retry", o{}, http.StatusNotFound, "no_subscriber"},
		"a user has it try again":        {"ada", "POST /v1/subscribers/search/dead-letters/retry", o{}, http.StatusForbidden, "system_only"},
		"an unknown one's are dropped":   {"", "DELETE /v1/subscribers/none/dead-letters", nil, http.StatusNotFound, "no_subscriber"},
		"an unknown one's is dropped":    {"", "DELETE /v1/subscribers/none/dead-letters/1", nil, http.StatusNotFound, "no_subscriber"},
		"dead letters are there never":   {"", "DELETE /v1/subscribers/search/dead-letters/1", nil, http.StatusNotFound, "no_dead_letter"},
		"a user drops dead letters":      {"ada", "DELETE /v1/subscribers/search/dead-letters", nil, http.StatusForbidden, "system_only"},
		"a user drops a dead letter":     {"ada", "DELETE /v1/subscribers/search/dead-letters/1", nil, http.StatusForbidden, "system_only"},
		"revoked by a user":              {"ada", "DELETE /v1/subscribers/search", nil, http.StatusForbidden, "system_only"},
		"a name that cannot be":          {"", "POST /v1/subscribers", o{"name": "Search"}, http.StatusUnprocessableEntity, "bad_subscriber"},
		"a name that is taken":           {"", "POST /v1/subscribers", o{"name": "search"}, http.StatusConflict, "subscriber_exists"},
		"a key that is none":             {"", "POST /v1/subscribers", o{"name": "chat", "public_key": "U"}, http.StatusUnprocessableEntity, "bad_public_key"},
		"a key that is taken":            {"", "POST /v1/subscribers", o{"name": "chat", "public_key": taken}, http.StatusConflict, "public_key_taken"},
		"an unknown organization":        {"", "POST /v1/subscribers", o{"name": "chat", "organizations": []string{"acme", "none"}}, http.StatusUnprocessableEntity, "unknown_organization"},
		"an unknown one is looked at":    {"", "GET /v1/subscribers/none", nil, http.StatusNotFound, "no_subscriber"},
		"an unknown one is rotated":      {"", "POST /v1/subscribers/none/rotate", o{}, http.StatusNotFound, "no_subscriber"},
		"an unknown one is revoked":      {"", "DELETE /v1/subscribers/none", nil, http.StatusNotFound, "no_subscriber"},
		"rotated to a key that is taken": {"", "POST /v1/subscribers/search/rotate", o{"public_key": taken}, http.StatusConflict, "public_key_taken"},
	} {
		t.Run(name, func(t *testing.T) {
			var body any
			if row.body != nil {
				body = row.body
			}
			h.As(row.as).Ask(row.request, body).Refused(row.status, row.code)
		})
	}
	none := h.Configured(func(c *api.Config) { c.Subscribers = nil })
	none.As("").Ask("POST /v1/subscribers", o{"name": "chat"}).Refused(http.StatusConflict, "no_feed")
	none.As("").Ask("GET /v1/subscribers").Refused(http.StatusConflict, "no_feed")
}

// TestSubscribersThatCannotBe has names in paths that no subscriber can have. They are not there, as any other that there is not.
func TestSubscribersThatCannotBe(t *testing.T) {
	t.Parallel()
	system := withFeed(t).As("")
	for _, name := range []string{"Search", "a.b", "*", "%3E", "a%20b", "a%2Fb", "-", "%C3%A9", "%0A"} {
		for _, request := range []string{"GET %s", "POST %s/rotate", "DELETE %s", "GET %s/dead-letters", "POST %s/dead-letters/retry", "DELETE %s/dead-letters", "DELETE %s/dead-letters/1"} {
			method, path, _ := strings.Cut(request, " ")
			var body any
			if method == http.MethodPost {
				body = o{}
			}
			system.Ask(method+" "+fmt.Sprintf("/v1/subscribers/"+path, name), body).Refused(http.StatusNotFound, "no_subscriber")
		}
	}
}
