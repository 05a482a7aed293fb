package relay

import (
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
)

// TestNobodyPublishesInBetween has other messages take the places of those of a relay, as many as
// come from a relay that takes over: of what the first one publishes after that, nothing is taken.
func TestNobodyPublishesInBetween(t *testing.T) {
	t.Parallel()
	for name, others := range map[string]int{"one": 1, "two": 2} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			nc := bustest.New(t)
			relay, err := Open(t.Context(), nc, bustest.Open(t, nc), Config{})
			require.NoError(t, err)
			q := newQueue(events.Checkpoint{})
			require.True(t, q.begin(place{}))
			first, err := relay.newTerm(q, place{})
			require.NoError(t, err)
			require.NoError(t, first.open(t.Context()))
			for range others {
				_, err = relay.js.PublishMsg(t.Context(), &nats.Msg{Subject: "roster.events.acme.other"})
				require.NoError(t, err)
			}
			for range 5 {
				if err := first.publish(t.Context(), &nats.Msg{Subject: "roster.events.acme.mine", Header: nats.Header{}}); err != nil {
					assert.True(t, isConflict(err), "%v", err)
				}
			}
			first.end()
			assert.True(t, isConflict(first.reap()), "what the server answers")
			_, err = relay.stream.GetLastMsgForSubject(t.Context(), "roster.events.acme.mine")
			assert.ErrorIs(t, err, jetstream.ErrMsgNotFound)
		})
	}
}
