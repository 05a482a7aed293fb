package relay_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/rostertest"
)

// durable is a consumer that remembers how far it has come.
type durable struct {
	t    testing.TB
	js   jetstream.JetStream
	seen map[string]int // by id
}

func newDurable(t testing.TB, nc *nats.Conn) *durable {
	t.Helper()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	_, err = js.CreateConsumer(t.Context(), feed.StreamName, jetstream.ConsumerConfig{Durable: "search", AckPolicy: jetstream.AckExplicitPolicy})
	require.NoError(t, err)
	return &durable{t, js, map[string]int{}}
}

// take takes messages until it has seen n ids, and returns how many of them it had seen before.
func (d *durable) take(n int) (again int) {
	d.t.Helper()
	consumer, err := d.js.Consumer(d.t.Context(), feed.StreamName, "search")
	require.NoError(d.t, err)
	for len(d.seen) < n {
		batch, err := consumer.Fetch(min(50, n-len(d.seen)), jetstream.FetchMaxWait(10*time.Second))
		require.NoError(d.t, err)
		count := 0
		for m := range batch.Messages() {
			count++
			require.NoError(d.t, m.DoubleAck(d.t.Context()))
			if m.Subject() == feed.HeartbeatSubject {
				continue
			}
			id := m.Headers().Get(feed.ID)
			if d.seen[id]++; d.seen[id] > 1 {
				again++
			}
		}
		require.Positive(d.t, count, "%d of %d", len(d.seen), n)
	}
	return again
}

func streamInfo(t testing.TB, nc *nats.Conn) *jetstream.StreamInfo {
	t.Helper()
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)
	return stream.CachedInfo()
}

// TestRebuild makes the stream again while commands go on: whoever reads it then reads the same and more, behind
// where it ended, and who has read a part goes on with the rest.
func TestRebuild(t *testing.T) {
	t.Parallel()
	for name, stops := range map[string]bool{"by the relay that emptied the stream": false, "by another relay": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			chance := rand.New(rand.NewPCG(3, 4))
			n := rostertest.Start(t)
			nc := n.Conn()
			orgs := []events.OrganizationID{"a", "b"}
			for _, org := range orgs {
				create(n, org, 6)
			}
			change := func(n *rostertest.Server, times int) {
				for range times {
					_, _ = n.Try(orgs[chance.IntN(len(orgs))], anyCommand(chance)) // it may be refused
				}
			}
			change(n, 300)
			before := read(t, nc)
			before.through(n.Position())
			half := newDurable(t, nc)
			half.take(len(before.order) / 2)
			old := streamInfo(t, nc)

			n.RebuildFeed()
			n.RebuildFeed() // which changes nothing
			require.True(t, relay.Rebuilding(streamInfo(t, nc)))
			if stops {
				require.Eventually(t, func() bool { return streamInfo(t, nc).State.FirstSeq > old.State.LastSeq }, 30*time.Second, 5*time.Millisecond)
				n.Stop()
				n = n.StartAnother()
			}
			var changing sync.WaitGroup
			changing.Go(func() { change(n, 100) })
			require.Eventually(t, func() bool { return !relay.Rebuilding(streamInfo(t, nc)) }, 30*time.Second, 20*time.Millisecond)
			changing.Wait()
			for _, org := range orgs {
				_, _ = n.Try(org, domain.RestoreOrganization{})
				_, _ = n.Try(org, domain.CreateProject{Project: "last", Name: "L"})
			}

			after := read(t, nc)
			after.through(n.Position())
			after.agrees(n.State())
			for _, id := range before.order {
				assert.True(t, after.ids[id], "%s is missing", id)
			}
			assert.Greater(t, after.sequences[0], old.State.LastSeq, "the sequence goes on")
			assert.Equal(t, old.Created, streamInfo(t, nc).Created, "the stream is the same")
			again := half.take(len(after.order))
			assert.Less(t, again, len(before.order)/4, "what was acknowledged comes again only around where the consumer was")
			for id := range half.seen {
				assert.True(t, after.ids[id])
			}
		})
	}
}

// TestRebuildOfWhatWasDropped makes a stream again that has dropped everything but heartbeats, which come while it is asked for.
func TestRebuildOfWhatWasDropped(t *testing.T) {
	t.Parallel()
	n := rostertest.Start(t)
	nc := n.Conn()
	create(n, "a", 6)
	before := read(t, nc)
	before.through(n.Position())
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context()))

	n.RebuildFeed()
	require.Eventually(t, func() bool { return !relay.Rebuilding(streamInfo(t, nc)) }, 30*time.Second, 20*time.Millisecond)
	assert.Greater(t, streamInfo(t, nc).State.Msgs, uint64(len(before.order)))
	after := read(t, nc)
	after.through(n.Position())
	assert.Equal(t, before.order, after.order)
}
