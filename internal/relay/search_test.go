package relay_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/rostertest"
)

// TestAfterMissesNothing lets the stream of a random history drop its oldest messages. Whoever begins after any
// position misses nothing of later commits, or is told that messages are gone, which is not said without reason.
func TestAfterMissesNothing(t *testing.T) {
	t.Parallel()
	n := rostertest.Start(t)
	seed := rand.Uint64()
	t.Log("seed", seed)
	chance := rand.New(rand.NewPCG(seed, 0))
	orgs := []events.OrganizationID{"a", "b", "c"}
	for _, org := range orgs {
		create(n, org, 6)
	}
	for i := range 400 {
		_, _ = n.Try(orgs[chance.IntN(len(orgs))], anyCommand(chance)) // it may be refused
		if i%100 == 99 {
			n.Stop()
			n = n.StartAnother()
		}
	}
	last := n.Position()
	r := read(t, n.Conn())
	r.through(last)
	js, err := jetstream.New(n.Conn())
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)

	dropped := uint64(0)
	rapid.Check(t, func(rt *rapid.T) {
		if end := r.sequences[len(r.sequences)-1]; rapid.IntRange(0, 3).Draw(rt, "drop") == 0 && dropped < end {
			dropped += rapid.Uint64Range(1, (end-dropped+7)/8).Draw(rt, "more")
			require.NoError(rt, stream.Purge(t.Context(), jetstream.WithPurgeSequence(dropped+1)))
		}
		position := events.Position(rapid.Uint64Range(0, uint64(last)+1).Draw(rt, "position"))
		since, err := relay.After(t.Context(), stream, position)
		if err != nil {
			require.ErrorIs(rt, err, relay.ErrDropped)
			assert.LessOrEqual(rt, r.sequences[0], dropped, "nothing was dropped")
			assert.Less(rt, position, last, "nothing follows")
			return
		}
		for i, sequence := range r.sequences {
			if r.positions[i] > position {
				assert.Greater(rt, sequence, max(since, dropped), "a message of the commit at position %d", r.positions[i])
			}
		}
	})
}

// TestHeartbeatsDoNotCountAsDropped waits for a few heartbeats, which are deleted one after the other.
func TestHeartbeatsDoNotCountAsDropped(t *testing.T) {
	t.Parallel()
	n := rostertest.Start(t)
	js, err := jetstream.New(n.Conn())
	require.NoError(t, err)
	stream, err := js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)
	firstIs := func(sequence uint64) func() bool {
		return func() bool {
			info, err := stream.Info(t.Context())
			return err == nil && info.State.FirstSeq > sequence
		}
	}
	require.Eventually(t, firstIs(1), time.Minute, 20*time.Millisecond)
	got, err := relay.Dropped(t.Context(), stream)
	require.NoError(t, err)
	assert.Zero(t, got)

	n.Organization("acme", "github", "ada")
	r := read(t, n.Conn())
	r.through(n.Position())
	info, err := stream.Info(t.Context())
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSequence(info.State.LastSeq)))
	require.Eventually(t, firstIs(info.State.LastSeq), time.Minute, 20*time.Millisecond)
	got, err = relay.Dropped(t.Context(), stream)
	require.NoError(t, err)
	assert.NotZero(t, got)
	assert.Less(t, got, info.State.LastSeq, "the last message is a heartbeat")
	_, err = relay.After(t.Context(), stream, 0)
	require.ErrorIs(t, err, relay.ErrDropped)
	_, err = relay.After(t.Context(), stream, n.Position())
	require.NoError(t, err)
	complete, err := relay.Complete(t.Context(), stream)
	require.NoError(t, err)
	assert.Equal(t, n.Position(), complete)
}
