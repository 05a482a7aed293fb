package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/receipt"
	"github.com/seed-2026d078/roster/replica"
)

// dropPositions drops when the replicas have told which position.
func dropPositions(t *testing.T, data string) {
	t.Helper()
	here, err := locate(data)
	require.NoError(t, err)
	nc, err := nats.Connect(here.NATS)
	require.NoError(t, err)
	defer nc.Close()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	reports, err := js.Stream(t.Context(), receipt.StreamName)
	require.NoError(t, err)
	require.NoError(t, reports.Purge(t.Context(), jetstream.WithPurgeSubject("roster.replicas.*.*.positions")))
}

// TestReceipt has a replica of an organization with the credentials of a subscriber, and asks by when it had applied an event.
func TestReceipt(t *testing.T) {
	t.Parallel()
	data, dir := t.TempDir(), t.TempDir()
	file := filepath.Join(dir, "search.creds")
	server := serve(t, data, "--nats-listen", "127.0.0.1:0")
	for _, org := range []string{"acme", "other"} {
		server.must("org", "create", org, "--scheme", "github", "--owner", "ada")
		server.must("project", "create", "site", "--org", org, "--name", "Site", "--actor", "ada")
	}
	server.must("subscriber", "create", "search", "--org", "acme", "--out", file)
	assert.Contains(t, server.must("receipt", "acme/1/0"), "No replica has reported.")
	nc, err := subscribe(t, data, file)
	require.NoError(t, err)
	access, err := replica.Open(t.Context(), nc, replica.Options{Subscriber: "search", Replica: "one"})
	require.NoError(t, err)
	defer access.Close()
	allowed, err := access.Check("acme", "ada", "site", "code", "full")
	require.NoError(t, err)
	assert.True(t, allowed)
	_, err = access.Check("other", "ada", "site", "code", "full")
	require.ErrorIs(t, err, replica.ErrNotReplicated)

	server.must("member", "add", "bob", "--org", "acme")
	require.NoError(t, access.WaitVersion(t.Context(), "acme", 3))
	var said string
	require.Eventually(t, func() bool {
		said = server.must("receipt", "acme/3/0")
		return strings.Contains(said, "Every replica that still runs had applied it by ")
	}, time.Minute, 50*time.Millisecond)
	assert.Contains(t, said, "search/one: applied by ")
	assert.NotContains(t, said, "long before")
	dropPositions(t, data)
	said = server.must("receipt", "acme/3/0")
	assert.Regexp(t, "search/one: applied by .*, or long before: its reports from then are not kept any more", said)
	assert.Regexp(t, "Every replica that still runs had applied it by .*, or long before.", said)
	assert.Regexp(t, `search +one +following +\d+ +0 +closed +5 `, server.must("replicas"))
	assert.Contains(t, server.must("receipt", "other/1/0"), "No replica has reported.", "the subscriber may not read it")
	_, problem, code := server.roster("receipt", "acme/30/0")
	assert.Equal(t, 1, code)
	assert.Contains(t, problem, `no event "acme/30/0"`)

	_, refused, code := server.roster("replicas", "forget", "search", "one")
	assert.Equal(t, 1, code)
	assert.Contains(t, refused, "end it, and then forget it")
	_, refused, code = server.roster("replicas", "forget", "search", "two")
	assert.Equal(t, 1, code)
	assert.Contains(t, refused, `no replica "two"`)
	access.Close()
	require.Eventually(t, func() bool { return strings.Contains(server.must("replicas"), "ended") }, time.Minute, 50*time.Millisecond)
	server.must("member", "add", "eve", "--org", "acme")
	assert.Contains(t, server.must("replicas", "forget", "search", "one"), "Receipts do not wait for search/one.")
	assert.Regexp(t, `search +one +forgotten +\d+ +closed `, server.must("replicas", "list"), "it is not behind any more")
	assert.Regexp(t, "search/one: last at position .*; forgotten ", server.must("receipt", "acme/4/0"))

	another, err := replica.Open(t.Context(), nc, replica.Options{Subscriber: "search", Replica: "two"})
	require.NoError(t, err)
	defer another.Close()
	require.Eventually(t, func() bool { return strings.Contains(server.must("replicas"), "two") }, time.Minute, 50*time.Millisecond)
	server.must("subscriber", "revoke", "search")
	shown := server.must("replicas")
	assert.Regexp(t, `search +two +revoked +`, shown)
	assert.Regexp(t, `search +one +forgotten +`, shown, "it was gone before")
	require.Zero(t, server.stop())
	server = serve(t, data, "--nats-listen", "127.0.0.1:0")
	assert.Regexp(t, `search +two +revoked +`, server.must("replicas"), "after a restart")
	server.must("subscriber", "create", "search", "--out", filepath.Join(dir, "again.creds"))
	assert.NotContains(t, server.must("replicas"), "search", "another one of the name has none of them")
}
