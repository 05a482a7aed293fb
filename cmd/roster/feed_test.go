package main

import (
	"context"
	"io"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
)

// TestFeed reads what a server publishes, before and after it was started again.
func TestFeed(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	read := func() (subjects []string) {
		here, err := locate(data)
		require.NoError(t, err)
		nc, err := nats.Connect(here.NATS)
		require.NoError(t, err)
		defer nc.Close()
		js, err := jetstream.New(nc)
		require.NoError(t, err)
		consumer, err := js.OrderedConsumer(t.Context(), feed.StreamName, jetstream.OrderedConsumerConfig{FilterSubjects: []string{"roster.events.acme.>"}})
		require.NoError(t, err)
		messages, err := consumer.Messages()
		require.NoError(t, err)
		defer messages.Stop()
		ctx, cancel := context.WithTimeout(t.Context(), timeout)
		defer cancel()
		for len(subjects) == 0 || subjects[len(subjects)-1] != "roster.events.acme.access.granted.v1" {
			m, err := messages.Next(jetstream.NextContext(ctx))
			require.NoError(t, err)
			subjects = append(subjects, m.Subject())
		}
		return subjects
	}
	server := serve(t, data, "--feed")
	server.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	server.must("project", "create", "site", "--org", "acme")
	want := []string{
		"roster.events.acme.organization.created.v1", "roster.events.acme.membership.joined.v1",
		"roster.events.acme.project.created.v1", "roster.events.acme.access.granted.v1",
	}
	assert.Equal(t, want, read())
	until(t, "a heartbeat says that all is in the stream", func() bool {
		return strings.Contains(server.must("feed", "status", "--output", "json"), `"behind": 0`)
	})
	assert.Regexp(t, `^FIELD +VALUE +MEANING\nposition +2 +every commit up to this one is in the stream\nnewest +2 +.*\nbehind +0 +commits not known to be in the stream yet; .*\nmessages +5 `,
		server.must("feed", "status"))
	metrics, err := server.client(t).Open(t.Context(), "get_metrics", nil, "text/plain")
	require.NoError(t, err)
	defer metrics.Close()
	text, err := io.ReadAll(metrics)
	require.NoError(t, err)
	assert.Contains(t, string(text), `roster_follower_lag{follower="feed"} 0`)
	snapshot := server.must("export", "snapshot", "--org", "acme")
	assert.Contains(t, snapshot, `{"user":"ada","project":"site","role":"admin"`)
	assert.Contains(t, snapshot, `{"lines":1}`)
	assert.Regexp(t, `^The feed was made again up to position \d+: 5 messages, in `, server.must("feed", "rebuild"))
	assert.Equal(t, want, read(), "everything is there once")
	require.Zero(t, server.stop())
	serve(t, data, "--feed")
	assert.Equal(t, want, read(), "nothing is published again")
}

func TestFeedFlagsRefuse(t *testing.T) {
	t.Parallel()
	_, err, code := roster("--data", t.TempDir(), "serve", "--feed", "--feed-max-age=-1s")
	assert.Equal(t, 2, code)
	assert.Contains(t, err, "a limit of the feed is 0, for none, or more")
}
