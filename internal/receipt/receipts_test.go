package receipt_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/receipt"
)

// told counts the reports of all tests, so that none has overtaken another.
var told atomic.Uint64

// tell keeps a report.
func tell(t *testing.T, receipts *receipt.Receipts, subscriber, replica string, report feed.ProgressReport) {
	t.Helper()
	report.Replica, report.Instance, report.Number = replica, "a", told.Add(1)
	require.NoError(t, receipts.Keep(t.Context(), subscriber, report))
}

// at is a report of a position.
func at(position events.Position) feed.ProgressReport {
	return feed.ProgressReport{Position: position, Closed: true, Bound: 5}
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
		tell(t, receipts, "search", "one", at(position))
		tell(t, receipts, "search", "two", at(position/2))
	}
	tell(t, receipts, "chat", "one", at(7))
	last := at(2)
	last.Ended = true
	tell(t, receipts, "chat", "two", last)
	require.ErrorIs(t, receipts.Keep(t.Context(), "chat", feed.ProgressReport{Replica: "\x1b[2Jfour", Instance: "a"}), receipt.ErrName)
	of := at(1)
	of.Organizations = []events.OrganizationID{"initech"}
	tell(t, receipts, "chat", "other", of) // it does not hold acme
	found, done, err = receipts.Of(t.Context(), "acme", 7, recorded, anybody)
	require.NoError(t, err)
	assert.Equal(t, []string{
		"chat/one following at 7, applied true at 7", "chat/two ended at 2, applied false at 0",
		"search/one following at 12, applied true at 8", "search/two following at 6, applied false at 0",
	}, summary(found))
	assert.Zero(t, done, "one has not applied it")

	tell(t, receipts, "search", "two", at(20))
	found, done, err = receipts.Of(t.Context(), "acme", 7, recorded, anybody)
	require.NoError(t, err)
	assert.Equal(t, found[3].Applied, done, "it was the last one")
	assert.Equal(t, events.Position(20), found[3].At)

	found, done, err = receipts.Of(t.Context(), "acme", 7, recorded, func(subscriber string) bool { return subscriber == "chat" })
	require.NoError(t, err)
	assert.Len(t, found, 2, "the other one may not read it")
	assert.Equal(t, found[0].Applied, done)
}

func TestReportCountsForWhoSentIt(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	receipts, err := receipt.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	tell(t, receipts, "search", "one", at(3))
	all, err := receipts.Replicas(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []receipt.Replica{{Subscriber: "search", Name: "one", State: receipt.Following, Position: 3, Heard: all[0].Heard, Closed: true, Bound: 5 * time.Second}}, all)
	assert.WithinDuration(t, time.Now(), all[0].Heard, time.Minute)
}

// TestForgottenReplicas has a replica that did not end, and is gone. Receipts wait for it until it is forgotten, and say so then.
func TestForgottenReplicas(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	receipts, err := receipt.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	recorded := time.Now()
	tell(t, receipts, "search", "one", at(8))
	_, err = receipts.Forget(t.Context(), "search", "one")
	require.ErrorIs(t, err, receipt.ErrReports)
	_, err = receipts.Forget(t.Context(), "search", "two")
	require.ErrorIs(t, err, receipt.ErrUnknown)
	for subscriber, replica := range map[string]string{"search": "*", "*": "one", ">": "one"} {
		_, err = receipts.Forget(t.Context(), subscriber, replica)
		require.ErrorIs(t, err, receipt.ErrUnknown)
		require.ErrorIs(t, receipts.Keep(t.Context(), subscriber, feed.ProgressReport{Replica: replica, Instance: "*"}), receipt.ErrName)
	}

	receipts.Silence(t, "search", "gone", at(3))
	_, err = receipts.Forget(t.Context(), "*", "gone")
	require.ErrorIs(t, err, receipt.ErrUnknown)
	found, done, err := receipts.Of(t.Context(), "acme", 7, recorded, anybody)
	require.NoError(t, err)
	assert.Equal(t, []string{"search/gone unreachable at 3, applied false at 0", "search/one following at 8, applied true at 8"}, summary(found))
	assert.Zero(t, done)
	for range 2 { // twice is no problem
		one, err := receipts.Forget(t.Context(), "search", "gone")
		require.NoError(t, err)
		assert.Equal(t, receipt.Forgotten, one.State)
		assert.True(t, one.Heard.Before(one.Forgotten))
	}
	found, done, err = receipts.Of(t.Context(), "acme", 7, recorded, anybody)
	require.NoError(t, err)
	assert.Equal(t, []string{"search/gone forgotten at 3, applied false at 0", "search/one following at 8, applied true at 8"}, summary(found))
	assert.Equal(t, found[1].Applied, done)

	tell(t, receipts, "search", "gone", at(4))
	found, done, err = receipts.Of(t.Context(), "acme", 7, recorded, anybody)
	require.NoError(t, err)
	assert.Equal(t, "search/gone following at 4, applied false at 0", summary(found)[0], "it is not gone")
	assert.Zero(t, done)
}

// TestReplicaThatIsQuietForLong stays at a position until the first report that had it is no longer kept.
func TestReplicaThatIsQuietForLong(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	receipts, err := receipt.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	recorded := time.Now()
	tell(t, receipts, "search", "one", at(8))
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), receipt.StreamName)
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSubject("roster.replicas.*.*.positions")))
	tell(t, receipts, "search", "one", at(8))
	found, done, err := receipts.Of(t.Context(), "acme", 7, recorded, anybody)
	require.NoError(t, err)
	assert.Equal(t, []string{"search/one following at 8, applied true at 8"}, summary(found))
	assert.Equal(t, found[0].Heard, done)
	assert.True(t, found[0].Earlier)
}

// TestReceiptOfWhatIsNotKept asks of events whose first report may be gone, since only the newest positions are kept. It was not before the time that the
// receipt has, unless that says so.
func TestReceiptOfWhatIsNotKept(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name   string
		told   []events.Position
		kept   uint64
		event  events.Position
		age    time.Duration // of the event
		at     events.Position
		before bool
	}{
		{"every report is kept", []events.Position{3, 6, 8, 12}, 4, 7, 0, 8, false},
		{"the last one that is gone did not have it", []events.Position{3, 6, 8, 12}, 2, 7, 0, 8, false},
		{"the last one that is gone had it", []events.Position{3, 6, 8, 12}, 1, 7, 0, 12, true},
		{"the last one that is gone had just it", []events.Position{3, 7, 8, 12}, 2, 7, 0, 8, true},
		{"one that is gone had it, and the replica began again", []events.Position{10, 5, 6, 12}, 2, 7, 0, 12, true},
		{"the first report of all", []events.Position{8}, 1, 7, 6 * 24 * time.Hour, 8, false},
		{"the first one after a week, of which nothing is kept", []events.Position{8}, 1, 7, 8 * 24 * time.Hour, 8, true},
		{"a report of this week said that it was not there", []events.Position{6, 8}, 2, 7, 8 * 24 * time.Hour, 8, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			nc := bustest.New(t)
			receipts, err := receipt.Open(t.Context(), nc, 1)
			require.NoError(t, err)
			for _, position := range test.told {
				tell(t, receipts, "search", "one", at(position))
			}
			js, err := jetstream.New(nc)
			require.NoError(t, err)
			stream, err := js.Stream(t.Context(), receipt.StreamName)
			require.NoError(t, err)
			require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSubject("roster.replicas.search.one.positions"), jetstream.WithPurgeKeep(test.kept)))
			found, _, err := receipts.Of(t.Context(), "acme", test.event, time.Now().Add(-test.age), anybody)
			require.NoError(t, err)
			require.Len(t, found, 1)
			assert.Equal(t, test.at, found[0].At)
			assert.Equal(t, test.before, found[0].Earlier)
		})
	}
}
