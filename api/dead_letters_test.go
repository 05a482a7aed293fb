package api_test

import (
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// TestDeadLetters has a subscriber that could not handle two messages.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	h := withFeed(t)
	system := h.As("")
	system.May("POST /v1/subscribers", o{"name": "search"})
	system.Sees("/v1/subscribers/search/dead-letters").Has("items", []any{})
	registry, err := subscriber.Open(t.Context(), h.NATS, 1)
	require.NoError(t, err)
	const now = "2026-01-02T03:04:05Z"
	for _, id := range []string{"acme/1/0", "acme/2/0"} {
		require.NoError(t, registry.KeepDeadLetter(t.Context(), "search", nats.Header{
			feed.ID: {id}, feed.Type: {"membership.joined.v1"}, feed.DeadLetterError: {"no%20space"}, feed.DeadLetterTries: {"8"},
			feed.Source: {feed.SourcePrefix + "acme"}, feed.Time: {now}, feed.Recorded: {now},
			feed.Position: {"1"}, feed.Version: {"1"}, feed.PreviousVersion: {"0"}, feed.Index: {"0"}, feed.Count: {"1"},
		}, []byte("{}")))
	}
	system.Sees("/v1/subscribers/search/dead-letters").
		Has("items.0.sequence", 1.0).Has("items.0.organization", "acme").Has("items.0.message", "acme/1/0").Has("items.0.type", "membership.joined.v1").
		Has("items.0.tries", 8.0).Has("items.0.error", "no space").Has("items.1.message", "acme/2/0")
	system.May("POST /v1/subscribers/search/dead-letters/retry", o{"sequences": []int{2, 7}}).Has("retrying", 1.0)
	system.Sees("/v1/subscribers/search/dead-letters").Has("items.1.message", "acme/2/0").Has("items.1.retrying", true).Has("items.0.message", "acme/1/0")
	system.Sees("/v1/subscribers/search/dead-letters?limit=1").Has("items.0.message", "acme/1/0").Has("next", "1")
	system.Sees("/v1/subscribers/search/dead-letters?limit=1&after=1").Has("items.0.message", "acme/2/0")
	system.MayNot("GET /v1/subscribers/search/dead-letters?after=x", "bad_cursor")
	system.May("POST /v1/subscribers/search/dead-letters/retry", o{}).Has("retrying", 1.0)
	system.Sees("/v1/subscribers/search/dead-letters").Has("items.0.retrying", true).Has("items.1.retrying", true)

	system.MayNot("DELETE /v1/subscribers/search/dead-letters/1", "no_dead_letter") // it has another number now
	system.May("DELETE /v1/subscribers/search/dead-letters/3").Has("message", "acme/2/0").Has("retrying", true)
	system.MayNot("DELETE /v1/subscribers/search/dead-letters/3", "no_dead_letter")
	system.Sees("/v1/subscribers/search/dead-letters").Has("items.0.message", "acme/1/0")
	for _, dropped := range []float64{1, 0} {
		system.May("DELETE /v1/subscribers/search/dead-letters").Has("dropped", dropped)
		system.Sees("/v1/subscribers/search/dead-letters").Has("items", []any{})
	}
}
