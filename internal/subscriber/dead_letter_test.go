package subscriber_test

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// letter returns the headers of a dead letter of an organization.
func letter(org string) nats.Header {
	const at = "2026-01-02T03:04:05Z"
	return nats.Header{
		feed.ID: {org + "/1/0"}, feed.Type: {"membership.joined.v1"}, feed.Source: {feed.SourcePrefix + org}, feed.Time: {at}, feed.Recorded: {at},
		feed.Position: {"1"}, feed.Version: {"1"}, feed.PreviousVersion: {"0"}, feed.Index: {"0"}, feed.Count: {"1"},
	}
}

// send sends a dead letter, and returns why it is not kept.
func (n *node) send(name string, header nats.Header, body []byte) *feed.Problem {
	n.t.Helper()
	m, err := n.nc.RequestMsg(&nats.Msg{Subject: feed.SubscriberSubject(name, feed.DeadLetter), Header: header, Data: body}, 10*time.Second)
	require.NoError(n.t, err)
	var answer feed.DeadLetterResponse
	require.NoError(n.t, json.Unmarshal(m.Data, &answer))
	return answer.Problem
}

func (n *node) letters() []subscriber.DeadLetter {
	n.t.Helper()
	all, err := n.registry.DeadLetters(n.t.Context(), "search", 0, 10_000)
	require.NoError(n.t, err)
	return all
}

// TestDeadLettersThatNobodyCanRead has a subscriber that sends what is no message of the feed, or is too large. It is told.
func TestDeadLettersThatNobodyCanRead(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	noText := letter("acme")
	noText["other"] = []string{"half\xc3"}
	for _, test := range []struct {
		name   string
		header nats.Header
		body   string
	}{
		{"no JSON", letter("acme"), "{"},
		{"no headers", nil, "{}"},
		{"no organization", letter("a.b"), "{}"},
		{"a header that is no text", noText, "{}"},
		{"too large", letter("acme"), `"` + strings.Repeat("x", 1<<20) + `"`},
	} {
		t.Run(test.name, func(t *testing.T) {
			problem := n.send("search", test.header, []byte(test.body))
			require.NotNil(t, problem)
			assert.Equal(t, feed.Invalid, problem.Code)
			assert.NotEmpty(t, problem.Detail)
		})
	}
	assert.Empty(t, n.letters())
	half := letter("acme")
	half[feed.DeadLetterError] = []string{"half%C3"}
	require.Nil(t, n.send("search", half, []byte("{}")))
	assert.Equal(t, "half\uFFFD", n.letters()[0].Error)
	assert.Equal(t, feed.Forbidden, n.send("nobody", letter("acme"), []byte("{}")).Code)
}

// TestHeadersOfDeadLetters has a subscriber that tries to tell the NATS server what to do.
func TestHeadersOfDeadLetters(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	require.Nil(t, n.send("search", letter("acme"), []byte("{}")))
	forged := letter("acme")
	forged[nats.MsgIdHdr], forged["Nats-Rollup"], forged["Nats-Expected-Stream"], forged["nats-ttl"] = []string{"1"}, []string{"all"}, []string{"LEDGER"}, []string{"1s"}
	for range 2 {
		require.Nil(t, n.send("search", forged, []byte("{}")))
	}
	assert.Len(t, n.letters(), 3)
}

// TestRoomForDeadLetters has a subscriber that keeps as many dead letters as it may. It is told so, others still have room, and its letters can be
// tried again.
func TestRoomForDeadLetters(t *testing.T) {
	t.Parallel()
	large := []byte(`"` + strings.Repeat("x", 1<<20-1000) + `"`)
	for _, test := range []struct {
		name string
		body []byte
		fits int
		// other says that there is room for those of another organization.
		other bool
		says  string
	}{
		{"as many as of an organization", []byte("{}"), 1000, true, "1000 dead letters of organization acme"},
		{"as large as may be", large, 64, false, "64 MiB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := start(t)
			n.subscriber("search")
			n.subscriber("chat")
			for range test.fits {
				require.NoError(t, n.registry.KeepDeadLetter(t.Context(), "search", letter("acme"), test.body))
			}
			problem := n.send("search", letter("acme"), test.body)
			require.NotNil(t, problem)
			assert.Equal(t, feed.Full, problem.Code)
			assert.Contains(t, problem.Detail, test.says)
			assert.Contains(t, problem.Detail, "roster feed dead-letters retry --subscriber search")
			assert.Equal(t, test.other, n.send("search", letter("other"), test.body) == nil)
			assert.Nil(t, n.send("chat", letter("acme"), test.body), "another one has room")

			retried, err := n.registry.RetryDeadLetters(t.Context(), "search", 1, 2, 99_999)
			require.NoError(t, err)
			assert.Equal(t, 2, retried)
			next := ask[feed.RetryResponse](n, "search", feed.Retry, feed.RetryRequest{})
			require.NotZero(t, next.Sequence)
			assert.Greater(t, ask[feed.RetryResponse](n, "search", feed.Retry, feed.RetryRequest{Done: next.Sequence}).Sequence, next.Sequence)
			assert.Nil(t, n.send("search", letter("acme"), test.body), "there is room again")
		})
	}
}

// TestDeadLettersInPages lists more than a page.
func TestDeadLettersInPages(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	for range 5 {
		require.NoError(t, n.registry.KeepDeadLetter(t.Context(), "search", letter("acme"), []byte("{}")))
	}
	var pages []int
	for after := uint64(0); ; {
		page, err := n.registry.DeadLetters(t.Context(), "search", after, 2)
		require.NoError(t, err)
		pages = append(pages, len(page))
		if len(page) < 2 {
			break
		}
		after = page[1].Sequence
	}
	assert.Equal(t, []int{2, 2, 1}, pages)
}
