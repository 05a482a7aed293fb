package main

import (
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
)

// subscribe connects as a subscriber whose credentials are in a file.
func subscribe(t *testing.T, data, file string) (*nats.Conn, error) {
	t.Helper()
	here, err := locate(data)
	require.NoError(t, err)
	address, err := url.Parse(here.NATS)
	require.NoError(t, err)
	nc, err := nats.Connect(address.Host, nats.UserCredentials(file), nats.NoReconnect())
	if err == nil {
		t.Cleanup(nc.Close)
	}
	return nc, err
}

// ask asks Roster as a subscriber.
func ask[T any](t *testing.T, nc *nats.Conn, what string, request any) (answer T) {
	t.Helper()
	text, err := json.Marshal(request)
	require.NoError(t, err)
	m, err := nc.Request(feed.SubscriberSubject("search", what), text, timeout)
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(m.Data, &answer), "%s", m.Data)
	return answer
}

// TestSubscriber lets a service in, reads as that, gives it another key and ends it.
func TestSubscriber(t *testing.T) {
	t.Parallel()
	data, dir := t.TempDir(), t.TempDir()
	file := filepath.Join(dir, "search.creds")
	server := serve(t, data, "--nats-listen", "127.0.0.1:0")
	server.must("org", "create", "acme", "--scheme", "github", "--owner", "ada")
	server.must("org", "create", "other", "--scheme", "github", "--owner", "eve")
	assert.Contains(t, server.must("subscriber", "create", "search", "--org", "acme", "--out", file), "search may read acme. Its credentials are in "+file+"\nIt connects to nats://127.0.0.1:")
	about, err := os.Stat(file)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), about.Mode())
	assert.Regexp(t, `search +acme +`, server.must("subscriber", "list"))
	assert.Contains(t, server.must("subscriber", "show", "search"), "acme")
	assert.Contains(t, server.must("subscriber", "config"), "subscriber_search")

	nc, err := subscribe(t, data, file)
	require.NoError(t, err)
	opened := ask[feed.OpenResponse](t, nc, feed.Open, feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}})
	require.Nil(t, opened.Problem)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	consumer, err := js.Consumer(t.Context(), feed.StreamName, opened.Consumer)
	require.NoError(t, err)
	messages, err := consumer.Messages(jetstream.PullPriorityGroup(opened.Group))
	require.NoError(t, err)
	var subjects []string
	for len(subjects) < 2 {
		m, err := messages.Next(jetstream.NextMaxWait(timeout))
		require.NoError(t, err)
		require.NoError(t, m.DoubleAck(t.Context()))
		if m.Subject() != feed.HeartbeatSubject {
			subjects = append(subjects, m.Subject())
		}
	}
	messages.Stop()
	assert.Equal(t, []string{"roster.events.acme.organization.created.v1", "roster.events.acme.membership.joined.v1"}, subjects)
	server.must("member", "add", "bob", "--org", "acme")
	first := ask[feed.HistoryResponse](t, nc, feed.History, feed.HistoryRequest{Organization: "acme"})
	require.Nil(t, first.Problem)
	require.Len(t, first.Entries, 2)
	second := ask[feed.HistoryResponse](t, nc, feed.History, feed.HistoryRequest{Organization: "acme", After: 1, Position: first.Entries[0].Position})
	require.Nil(t, second.Problem)
	assert.Equal(t, first.Entries[1:], second.Entries)
	assert.Equal(t, feed.Forbidden, ask[feed.HistoryResponse](t, nc, feed.History, feed.HistoryRequest{Organization: "other"}).Problem.Code)

	closed := func(nc *nats.Conn) func() bool { return func() bool { return nc.IsClosed() } }
	_, refused, code := server.roster("subscriber", "rotate", "search", "--out", file)
	assert.Equal(t, 1, code)
	assert.Contains(t, refused, "write over it with --replace")
	assert.False(t, nc.IsClosed(), "nothing was done")
	server.must("subscriber", "rotate", "search", "--out", file, "--replace")
	require.Eventually(t, closed(nc), timeout, 10*time.Millisecond)
	var again *nats.Conn
	require.Eventually(t, func() bool {
		again, err = subscribe(t, data, file)
		return err == nil
	}, timeout, 50*time.Millisecond, "with the new key")
	assert.Contains(t, server.must("subscriber", "revoke", "search"), "search reads the feed no more")
	require.Eventually(t, closed(again), timeout, 10*time.Millisecond)
	_, err = subscribe(t, data, file)
	require.Error(t, err)
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1, "files")
}

// TestDeadLetters lists a message that a subscriber could not handle, and has it tried again.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	file := filepath.Join(t.TempDir(), "search.creds")
	server := serve(t, data, "--nats-listen", "127.0.0.1:0")
	server.must("subscriber", "create", "search", "--out", file)
	var nc *nats.Conn
	var err error
	require.Eventually(t, func() bool {
		nc, err = subscribe(t, data, file)
		return err == nil
	}, timeout, 50*time.Millisecond)
	assert.Regexp(t, `SUBSCRIBER +ORGANIZATIONS +ALL +PENDING +UNACKNOWLEDGED +REDELIVERED +ACTIVE .*\nsearch +yes +20`, server.must("subscriber", "list"), "it has read nothing")
	_, err = nc.Request(feed.SubscriberSubject("search", feed.Open), []byte(`{"durable":true}`), timeout)
	require.NoError(t, err)
	assert.Regexp(t, `search +yes +\d +0 +0 +20`, server.must("subscriber", "list"))
	assert.Regexp(t, `durable.pending +\d\n`, server.must("subscriber", "show", "search"))
	const at = "2026-01-02T03:04:05Z"
	letter := &nats.Msg{Subject: feed.SubscriberSubject("search", feed.DeadLetter), Data: []byte("{}"), Header: nats.Header{
		feed.ID: {"acme/1/0"}, feed.Type: {"membership.joined.v1"}, feed.Source: {feed.SourcePrefix + "acme"}, feed.Time: {at}, feed.Recorded: {at},
		feed.Position: {"1"}, feed.Version: {"1"}, feed.PreviousVersion: {"0"}, feed.Index: {"0"}, feed.Count: {"1"},
		feed.DeadLetterError: {"no%20space"}, feed.DeadLetterTries: {"8"},
	}}
	_, err = nc.RequestMsg(letter, timeout)
	require.NoError(t, err)
	assert.Regexp(t, `1 .*acme .*acme/1/0 .*no space`, server.must("feed", "dead-letters", "list", "--subscriber", "search"))
	_, refused, code := server.roster("feed", "dead-letters", "retry", "--subscriber", "search", "--letter", "99")
	assert.Equal(t, 1, code)
	assert.Contains(t, refused, "1 letter is not there")
	assert.Contains(t, server.must("feed", "dead-letters", "retry", "--subscriber", "search", "--letter", "1"), "search is to try 1 message again.")
	assert.Regexp(t, `acme/1/0 .*yes|acme/1/0 .*true`, server.must("feed", "dead-letters", "list", "--subscriber", "search"))

	_, err = nc.RequestMsg(letter, timeout)
	require.NoError(t, err)
	drop := []string{"feed", "dead-letters", "drop", "--subscriber", "search"}
	for _, which := range [][]string{nil, {"--all", "--letter", "3"}} {
		_, refused, code = server.roster(append(drop, which...)...)
		assert.Equal(t, 2, code)
		assert.Contains(t, refused, "say which ones: --letter N")
	}
	_, said, code := typing(t, "no\n", append([]string{"--data", data}, append(drop, "--letter", "3")...)...)
	assert.Equal(t, 1, code)
	assert.Contains(t, said, "Drop 1 dead letter of search for good: it never handles them.\nGo on? [y/N]")
	_, refused, code = server.roster(append(drop, "--letter", "3", "--letter", "1")...)
	assert.Equal(t, 1, code)
	assert.Contains(t, refused, "1 dead letter of search dropped: 1 letter is not there.")
	assert.Contains(t, server.must(append(drop, "--all")...), "Dropped: 1 dead letter of search.")
	assert.Contains(t, server.must(append(drop, "--all")...), "Dropped: 0 dead letters of search.")
}

func TestSubscriberNeedsAFeed(t *testing.T) {
	t.Parallel()
	server := serve(t, t.TempDir())
	file := filepath.Join(t.TempDir(), "search.creds")
	_, refused, code := server.roster("subscriber", "create", "search", "--out", file)
	assert.Equal(t, 1, code)
	assert.Contains(t, refused, "--feed")
	assert.NoFileExists(t, file)
}
