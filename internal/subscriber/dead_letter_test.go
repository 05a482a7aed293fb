package subscriber_test

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// letter returns a dead letter of the subscriber search.
func letter(what, org string) *nats.Msg {
	const at = "2026-01-02T03:04:05Z"
	return &nats.Msg{Subject: feed.SubscriberSubject("search", what) + "." + org, Data: []byte("{}"), Header: nats.Header{
		feed.ID: {"acme/1/0"}, feed.Type: {"membership.joined.v1"}, feed.Source: {feed.SourcePrefix + "acme"}, feed.Time: {at}, feed.Recorded: {at},
		feed.Position: {"1"}, feed.Version: {"1"}, feed.PreviousVersion: {"0"}, feed.Index: {"0"}, feed.Count: {"1"},
	}}
}

// TestUnreadableDeadLetters has a subscriber that writes what nobody can read. Those letters are listed, stay where they are, and hold
// up no others.
func TestUnreadableDeadLetters(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	js, err := jetstream.New(n.nc)
	require.NoError(t, err)
	noJSON, noHeaders, noOrganization, noText := letter(feed.DeadLetter, "acme"), letter(feed.DeadLetter, "acme"), letter(feed.DeadLetter, "a=b"), letter(feed.DeadLetter, "acme")
	noJSON.Data = []byte("{")
	noHeaders.Header = nil
	noText.Header[feed.DeadLetterError] = []string{"half%C3"}
	retryNoJSON := letter(feed.Retry, "acme")
	retryNoJSON.Data = nil
	for _, m := range []*nats.Msg{noJSON, noHeaders, noOrganization, retryNoJSON, noText} {
		_, err := js.PublishMsg(t.Context(), m)
		require.NoError(t, err)
	}
	_, err = js.PublishMsg(t.Context(), &nats.Msg{Subject: noText.Subject, Data: make([]byte, 1<<20+1)})
	require.Error(t, err, "it is too large")
	list := func() []subscriber.DeadLetter {
		all, _, err := n.registry.DeadLetters(t.Context(), "search")
		require.NoError(t, err)
		return all
	}
	all := list()
	require.Len(t, all, 5)
	assert.Empty(t, all[3].Organization)
	assert.Equal(t, "half\uFFFD", all[4].Error)
	retried, err := n.registry.RetryDeadLetters(t.Context(), "search", 1, 2, 3, 99)
	require.NoError(t, err)
	assert.Zero(t, retried)
	retried, err = n.registry.RetryDeadLetters(t.Context(), "search")
	require.NoError(t, err)
	assert.Equal(t, 1, retried)
	assert.Len(t, list(), 5)
	next := ask[feed.RetryResponse](n, "search", feed.Retry, feed.RetryRequest{})
	assert.Equal(t, uint64(6), next.Sequence)
	assert.Zero(t, ask[feed.RetryResponse](n, "search", feed.Retry, feed.RetryRequest{Done: 6}).Sequence)
}

// TestForgedMessageID has somebody who knows which message id another's letter would get, and uses it before.
func TestForgedMessageID(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	js, err := jetstream.New(n.nc)
	require.NoError(t, err)
	forged := letter(feed.DeadLetter, "acme")
	forged.Subject = strings.Replace(forged.Subject, "search", "evil", 1)
	forged.Header[nats.MsgIdHdr] = []string{"retry/2"}
	for _, m := range []*nats.Msg{forged, letter(feed.DeadLetter, "acme")} {
		_, err := js.PublishMsg(t.Context(), m)
		require.NoError(t, err)
	}
	retried, err := n.registry.RetryDeadLetters(t.Context(), "search", 2)
	require.NoError(t, err)
	assert.Equal(t, 1, retried)
	all, _, err := n.registry.DeadLetters(t.Context(), "search")
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.True(t, all[0].Retrying)
}

// TestServiceNeedsAll leaves out what a service cannot do without.
func TestServiceNeedsAll(t *testing.T) {
	t.Parallel()
	n := start(t)
	_, err := subscriber.NewService(t.Context(), n.nc, subscriber.Config{Registry: n.registry, Ledger: n.service.Ledger, View: n.desk.View})
	require.ErrorContains(t, err, "required")
}
