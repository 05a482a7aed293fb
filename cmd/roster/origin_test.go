package main

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// traced sends requests with a header traceparent.
type traced string

func (t traced) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("traceparent", string(t))
	return http.DefaultTransport.RoundTrip(r)
}

// TestOriginReachesTheFeed has commands say for whom they are given, and in which trace, and reads both in the feed.
func TestOriginReachesTheFeed(t *testing.T) {
	t.Parallel()
	const trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
	data := t.TempDir()
	file := filepath.Join(t.TempDir(), "search.creds")
	server := serve(t, data, "--nats-listen", "127.0.0.1:0")
	server.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	server.must("subscriber", "create", "search", "--out", file)
	server.must("project", "create", "site", "--org", "acme", "--actor", "ada", "--on-behalf-of", "Ève")
	for _, step := range []struct {
		trace string
		user  string
	}{{trace, "bob"}, {"00-not-a-trace", "cleo"}} {
		_, err := server.client(t).AddMember(t.Context(), "acme", client.AddMember{User: step.user},
			client.HTTP(&http.Client{Transport: traced(step.trace)}), client.OnBehalfOf("eve"))
		require.NoError(t, err)
	}

	nc, err := subscribe(t, data, file)
	require.NoError(t, err)
	type origin struct {
		Actor, OnBehalfOf events.UserID
		Traceparent       events.Traceparent
	}
	found := map[string]origin{}
	ctx, cancel := context.WithTimeout(t.Context(), timeout)
	defer cancel()
	err = feed.Subscribe(ctx, nc, feed.Options{Subscriber: "search", Ephemeral: true, Start: feed.Start{Beginning: true}}, func(_ context.Context, m *feed.Message) error {
		id := m.ID
		if access, ok := m.Event.(feed.AccessMessage); ok {
			id = "access of " + string(access.User) + " by " + access.Cause
		}
		if found[id] = (origin{m.Actor, m.OnBehalfOf, m.Traceparent}); m.ID == "acme/4/0" {
			cancel()
		}
		return nil
	})
	require.NoError(t, err)
	assert.Equal(t, map[string]origin{
		"acme/1/0": {}, "acme/1/1": {},
		"acme/2/0": {"ada", "Ève", ""}, "acme/2/1": {"ada", "Ève", ""}, "access of ada by acme/2/0": {"ada", "Ève", ""},
		"acme/3/0": {"", "eve", trace}, "acme/4/0": {"", "eve", ""},
	}, found)

	history := ask[feed.HistoryResponse](t, nc, feed.History, feed.HistoryRequest{Organization: "acme", After: 2})
	require.Nil(t, history.Problem)
	assert.Equal(t, events.UserID("eve"), history.Entries[0].OnBehalfOf)
	assert.Equal(t, events.Traceparent(trace), history.Entries[0].Traceparent)
	assert.Regexp(t, `acme/3/0 +membership.joined.v1 +the system for eve +member=bob`, server.must("events", "--org", "acme"))
	assert.Regexp(t, `acme/2/0 +project.created.v1 +ada for Ève +`, server.must("replay", "--org", "acme"))
	assert.Contains(t, server.must("events", "--org", "acme", "--output", "json"), `"on_behalf_of": "Ève"`)
}
