package receipt_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/receipt"
)

// by is a report of an instance of a replica called one.
func by(instance string, number uint64, position events.Position, ended bool) feed.ProgressReport {
	return feed.ProgressReport{Replica: "one", Instance: instance, Number: number, Position: position, Ended: ended}
}

func TestReportsThatOthersHaveOvertaken(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		told     []feed.ProgressReport
		state    receipt.State
		position events.Position
	}{
		"in order":                               {[]feed.ProgressReport{by("a", 1, 3, false), by("a", 2, 4, false)}, receipt.Following, 4},
		"an older one comes last":                {[]feed.ProgressReport{by("a", 2, 4, false), by("a", 1, 3, false)}, receipt.Following, 4},
		"an older one comes after the end":       {[]feed.ProgressReport{by("a", 2, 3, true), by("a", 1, 3, false)}, receipt.Ended, 3},
		"the end is sent again":                  {[]feed.ProgressReport{by("a", 2, 3, true), by("a", 2, 3, true)}, receipt.Ended, 3},
		"another instance follows":               {[]feed.ProgressReport{by("a", 7, 3, true), by("b", 1, 2, false)}, receipt.Following, 2},
		"the end comes after another has begun":  {[]feed.ProgressReport{by("a", 7, 3, false), by("b", 1, 2, false), by("a", 8, 3, true)}, receipt.Following, 2},
		"the instance that follows has an end":   {[]feed.ProgressReport{by("a", 7, 3, false), by("b", 1, 2, false), by("b", 2, 2, true)}, receipt.Ended, 2},
		"an instance ends with its first report": {[]feed.ProgressReport{by("a", 1, 2, true)}, receipt.Ended, 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receipts, err := receipt.Open(t.Context(), bustest.New(t), 1)
			require.NoError(t, err)
			for _, report := range row.told {
				require.NoError(t, receipts.Keep(t.Context(), "search", report))
			}
			all, err := receipts.Replicas(t.Context())
			require.NoError(t, err)
			require.Len(t, all, 1)
			assert.Equal(t, row.state, all[0].State)
			assert.Equal(t, row.position, all[0].Position)
		})
	}
}

// TestReportsAtTheSameTime has two nodes keep the reports of a replica side by side.
func TestReportsAtTheSameTime(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	var nodes [2]*receipt.Receipts
	for i := range nodes {
		var err error
		nodes[i], err = receipt.Open(t.Context(), nc, 1)
		require.NoError(t, err)
	}
	const last = 40
	var keeping errgroup.Group
	for number := range uint64(last + 1) {
		keeping.Go(func() error {
			return nodes[number%2].Keep(t.Context(), "search", by("a", number, events.Position(number), number == last))
		})
	}
	require.NoError(t, keeping.Wait())
	all, err := nodes[0].Replicas(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.Equal(t, receipt.Ended, all[0].State)
	assert.Equal(t, events.Position(last), all[0].Position)
}

// TestFullSubscriberCostsOthersNothing has a subscriber with as many replicas as it may have report new ones.
func TestFullSubscriberCostsOthersNothing(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	receipts, err := receipt.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	tell(t, receipts, "chat", "one", at(1))
	for i := range receipt.MaxReplicas {
		tell(t, receipts, "search", fmt.Sprint("r", i), at(1))
	}
	reads, err := nc.SubscribeSync("$JS.API.CONSUMER.CREATE." + receipt.StreamName + ".>")
	require.NoError(t, err)
	more := at(1)
	more.Replica, more.Instance = "more", "a"
	for range 3 {
		require.ErrorIs(t, receipts.Keep(t.Context(), "search", more), receipt.ErrFull)
	}
	require.NoError(t, nc.Flush())
	n, _, err := reads.Pending()
	require.NoError(t, err)
	require.Equal(t, 1, n, "it is remembered")
	read, err := reads.NextMsg(time.Minute)
	require.NoError(t, err)
	assert.Contains(t, string(read.Data), `"roster.replicas.search.*.last"`)

	ended := at(1)
	ended.Ended = true
	tell(t, receipts, "search", "r3", ended)
	require.NoError(t, receipts.Keep(t.Context(), "search", more), "in the place of one that has ended")
}

func TestStreamOfAnOlderBuild(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.CreateStream(t.Context(), jetstream.StreamConfig{Name: receipt.StreamName, Subjects: []string{"roster.subscribers.*.progress.*"}})
	require.NoError(t, err)
	receipts, err := receipt.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	tell(t, receipts, "search", "one", at(3))
	again, err := receipt.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	all, err := again.Replicas(t.Context())
	require.NoError(t, err)
	assert.Len(t, all, 1, "what this build has made stays")
}
