package main

import (
	"context"
	"io"
	"path/filepath"
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
	assert.Regexp(t, `^FIELD +VALUE +MEANING\nposition +2 +every commit up to this one is in the stream\nnewest +2 +.*\nbehind +0 +commits that are not in the stream, or not known to be; .*\nmessages +[56] `,
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
	assert.Regexp(t, `^The feed was made again up to position \d+: [56] messages, in `, server.must("feed", "rebuild"))
	assert.Equal(t, want, read(), "everything is there once")
	require.Zero(t, server.stop())
	serve(t, data, "--feed")
	assert.Equal(t, want, read(), "nothing is published again")
}

func TestFeedFlagsRefuse(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flags []string
		says  string
	}{
		"no age":                 {[]string{"--feed", "--feed-max-age=-1s"}, "for a minute at least"},
		"an age that is too low": {[]string{"--feed", "--feed-max-age=50ms"}, "for a minute at least"},
		"no size":                {[]string{"--feed", "--feed-max-bytes=-1"}, "16777216 bytes (16 MiB) at least"},
		"a size that is too low": {[]string{"--feed", "--feed-max-bytes=5"}, "16777216 bytes (16 MiB) at least"},
		"an age without a feed":  {[]string{"--feed-max-age=1h"}, "say --feed, too"},
		"a size without a feed":  {[]string{"--feed-max-bytes=0"}, "say --feed, too"},
		"subscribers of no feed": {[]string{"--feed=false", "--nats-listen=127.0.0.1:0"}, "leave --feed=false out"},
		"with TLS and without":   {[]string{"--nats-listen=127.0.0.1:0", "--nats-tls-cert=a", "--nats-tls-key=b", "--nats-without-tls"}, "leave one of them out"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data := filepath.Join(t.TempDir(), "data")
			_, said, code := roster(append([]string{"--data", data, "serve"}, test.flags...)...)
			assert.Equal(t, exitError, code, said)
			assert.Contains(t, said, test.says)
			assert.NoDirExists(t, data)
		})
	}
}
