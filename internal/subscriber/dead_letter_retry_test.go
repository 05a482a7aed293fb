package subscriber_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// inVain returns the headers of a dead letter of acme that was tried again, with the sequence that came with it.
func inVain(sequence string) nats.Header {
	header := letter("acme")
	header[feed.DeadLetterSequence], header[feed.DeadLetterError], header[feed.DeadLetterTries] = []string{sequence}, []string{"still"}, []string{"3"}
	return header
}

// TestRetryWithoutRoom has a subscriber with as many dead letters as it may have, which are all to be tried again, in vain. Each one waits again, and the
// next one comes.
func TestRetryWithoutRoom(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		body string
		fits int
	}{
		{"as many as of an organization", "{}", 1000},
		{"as large as may be", `"` + strings.Repeat("x", 1<<20-1000) + `"`, 64},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			n := start(t)
			n.subscriber("search")
			for range test.fits {
				require.NoError(t, n.registry.KeepDeadLetter(t.Context(), "search", letter("acme"), []byte(test.body)))
			}
			for _, want := range []int{test.fits, 0} {
				retried, err := n.registry.RetryDeadLetters(t.Context(), "search")
				require.NoError(t, err)
				assert.Equal(t, want, retried)
			}
			problem := n.send("search", letter("acme"), []byte(test.body))
			require.NotNil(t, problem, "those that are to be tried again count")
			assert.Equal(t, feed.Full, problem.Code)

			const tried = 3
			done := uint64(0)
			for range tried {
				next := ask[feed.RetryResponse](n, "search", feed.Retry, feed.RetryRequest{Done: done})
				require.Greater(t, next.Sequence, done)
				assert.NotContains(t, next.Header, nats.MsgIdHdr)
				done = next.Sequence
				for range 2 { // the answer may get lost
					require.Nil(t, n.send("search", inVain(strconv.FormatUint(done, 10)), []byte(test.body)))
				}
			}
			waiting := 0
			for _, l := range n.letters() {
				if !l.Retrying {
					waiting++
					assert.Equal(t, "still", l.Error)
					assert.Equal(t, 3, l.Tries)
					assert.Equal(t, events.OrganizationID("acme"), l.Organization)
				}
			}
			assert.Equal(t, tried, waiting)
			assert.Len(t, n.letters(), test.fits)
		})
	}
}

// TestSequenceOfADeadLetter has a subscriber that says that a dead letter was tried again which was not.
func TestSequenceOfADeadLetter(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	require.Nil(t, n.send("search", inVain("1"), []byte("{}")), "it has had none")
	require.Nil(t, n.send("search", letter("acme"), []byte("{}")))
	for _, sequence := range []string{"0", "1", "2"} {
		require.Nil(t, n.send("search", inVain(sequence), []byte("{}")))
	}
	for _, sequence := range []string{"x", "-1"} {
		problem := n.send("search", inVain(sequence), []byte("{}"))
		require.NotNil(t, problem)
		assert.Equal(t, feed.Invalid, problem.Code)
	}
	retried, err := n.registry.RetryDeadLetters(t.Context(), "search", 0, 2)
	require.NoError(t, err)
	assert.Zero(t, retried)
	require.Len(t, n.letters(), 1)
	assert.Empty(t, n.letters()[0].Error)
}

// TestRetryAtOnce has the same dead letters tried again by many at once. Each one is tried once.
func TestRetryAtOnce(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	const letters = 200
	for range letters {
		require.NoError(t, n.registry.KeepDeadLetter(t.Context(), "search", letter("acme"), []byte("{}")))
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			_, err := n.registry.RetryDeadLetters(t.Context(), "search")
			assert.NoError(t, err)
		})
	}
	all.Wait()
	assert.Len(t, n.letters(), letters)
	for _, l := range n.letters() {
		assert.True(t, l.Retrying)
	}
}
