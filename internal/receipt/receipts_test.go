package receipt_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/receipt"
)

// tell sends a report, and waits until it is kept.
func tell(t *testing.T, nc *nats.Conn, subscriber, replica string, report any) {
	t.Helper()
	body, err := json.Marshal(report)
	require.NoError(t, err)
	require.NoError(t, nc.Publish(feed.SubscriberSubject(subscriber, feed.Progress)+"."+replica, body))
	require.NoError(t, nc.Flush())
}

// at is a report of a position.
func at(position events.Position) feed.ProgressReport {
	return feed.ProgressReport{Replica: "said", Position: position, Closed: true, Bound: 5}
}

func anybody(string) bool { return true }

// summary is what receipts say, without times.
func summary(found []receipt.Receipt) (lines []string) {
	for _, f := range found {
		lines = append(lines, fmt.Sprintf("%s/%s %s at %d, applied %v at %d", f.Subscriber, f.Name, f.State, f.Position, !f.Applied.IsZero(), f.At))
	}
	return lines
}

func TestReceiptsOfReplicas(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	receipts, err := receipt.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	recorded := time.Now()
	found, done, err := receipts.Of(t.Context(), "acme", 7, recorded, anybody)
	require.NoError(t, err)
	assert.Empty(t, found)
	assert.Zero(t, done)

	for _, position := range []events.Position{3, 6, 8, 12} {
		tell(t, nc, "search", "one", at(position))
		tell(t, nc, "search", "two", at(position/2))
	}
	tell(t, nc, "chat", "one", at(7))
	last := at(2)
	last.Ended = true
	tell(t, nc, "chat", "two", last)
	tell(t, nc, "chat", "three", "no report")
	tell(t, nc, "chat", "\x1b[2Jfour", at(7)) // no name
	of := at(1)
	of.Organizations = []events.OrganizationID{"initech"}
	tell(t, nc, "chat", "other", of) // it does not hold acme
	wait(t, receipts, 5)

	found, done, err = receipts.Of(t.Context(), "acme", 7, recorded, anybody)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"chat/one following at 7, applied true at 7", "chat/two ended at 2, applied false at 0",
		"search/one following at 12, applied true at 8", "search/two following at 6, applied false at 0",
	}, summary(found))
	assert.Zero(t, done, "one has not applied it")

	tell(t, nc, "search", "two", at(20))
	require.Eventually(t, func() bool {
		found, done, err = receipts.Of(t.Context(), "acme", 7, recorded, anybody)
		require.NoError(t, err)
		return !done.IsZero()
	}, time.Minute, 5*time.Millisecond)
	assert.Equal(t, found[3].Applied, done, "it was the last one")
	assert.Equal(t, events.Position(20), found[3].At)

	found, done, err = receipts.Of(t.Context(), "acme", 7, recorded, func(subscriber string) bool { return subscriber == "chat" })
	require.NoError(t, err)
	assert.Len(t, found, 2, "the other one may not read it")
	assert.Equal(t, found[0].Applied, done)
}

// wait waits until so many replicas are known.
func wait(t *testing.T, receipts *receipt.Receipts, n int) {
	t.Helper()
	require.Eventually(t, func() bool {
		all, err := receipts.Replicas(t.Context())
		require.NoError(t, err)
		return len(all) == n
	}, time.Minute, 5*time.Millisecond)
}

func TestReportCountsForWhoSentIt(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	receipts, err := receipt.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	tell(t, nc, "search", "one", at(3))
	wait(t, receipts, 1)
	all, err := receipts.Replicas(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []receipt.Replica{{Subscriber: "search", Name: "one", State: receipt.Following, Position: 3, Heard: all[0].Heard, Closed: true, Bound: 5 * time.Second}}, all)
	assert.WithinDuration(t, time.Now(), all[0].Heard, time.Minute)
}
