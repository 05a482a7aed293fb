package relay

import (
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

func TestMain(m *testing.M) { bustest.Main(m) }

// begin begins a term of a relay whose stream is empty.
func begin(t *testing.T) *term {
	t.Helper()
	nc := bustest.New(t)
	relay, err := Open(t.Context(), nc, bustest.Open(t, nc), Config{})
	require.NoError(t, err)
	q := newQueue(events.Checkpoint{})
	require.True(t, q.begin(place{}))
	begun, err := relay.newTerm(q, place{})
	require.NoError(t, err)
	require.NoError(t, begun.flush(t.Context(), relay.id))
	return begun
}

// TestNobodyPublishesInBetween has other messages take the places of those of a relay, as many as
// come from a relay that takes over: of what the first one publishes after that, nothing is taken, whether
// the server is to answer it or not.
func TestNobodyPublishesInBetween(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ before, others, after int }{
		"one":                     {0, 1, 5},
		"two":                     {0, 2, 5},
		"one, behind many":        {3 * answerEvery, 1, 5},
		"two, behind many":        {3 * answerEvery, 2, 5},
		"one, among many":         {3 * answerEvery, 1, 3 * answerEvery},
		"as many, among many":     {3 * answerEvery, 3 * answerEvery, 3 * answerEvery},
		"one, more than may wait": {2 * maxPending, 1, 2 * maxPending},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			first := begin(t)
			publish := func(n int) (err error) {
				for i := 0; i < n && err == nil; i++ {
					err = first.publish(t.Context(), &nats.Msg{Subject: "roster.events.acme.mine", Header: nats.Header{}}, false)
				}
				return err
			}
			require.NoError(t, publish(c.before))
			require.NoError(t, first.flush(t.Context(), first.id))
			for range c.others {
				_, err := first.js.PublishMsg(t.Context(), &nats.Msg{Subject: "roster.events.acme.other"})
				require.NoError(t, err)
			}
			if err := publish(c.after); err != nil {
				assert.True(t, isConflict(err), "%v", err)
			}
			assert.True(t, isConflict(first.flush(t.Context(), first.id)), "what the server answers")
			first.end()
			info, err := first.stream.Info(t.Context(), jetstream.WithSubjectFilter(feed.SubjectPrefix+">"))
			require.NoError(t, err)
			assert.EqualValues(t, c.before, info.State.Subjects["roster.events.acme.mine"])
			assert.EqualValues(t, c.others, info.State.Subjects["roster.events.acme.other"])
		})
	}
}

// TestEndIsLookedAtAgain begins a term where the stream does not end yet, as a server may say that is no longer its leader.
func TestEndIsLookedAtAgain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		there bool // whether the stream has what it acknowledged, after the first look
		err   error
	}{
		{"it was said by a server that is no longer the leader", true, nil},
		{"messages are lost", false, errBehind},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			nc := bustest.New(t)
			relay, err := Open(t.Context(), nc, bustest.Open(t, nc), Config{})
			require.NoError(t, err)
			acknowledged := events.Checkpoint{Position: 7}
			looked, err := nc.SubscribeSync("$JS.API.STREAM.INFO." + feed.StreamName)
			require.NoError(t, err)
			answers, err := nc.SubscribeSync(nats.InboxPrefix + ">")
			require.NoError(t, err)
			ended := make(chan error, 1)
			go func() {
				_, err := relay.beginAt(t.Context(), newQueue(acknowledged))
				ended <- err
			}()
			look, err := looked.NextMsgWithContext(t.Context())
			require.NoError(t, err)
			for answer := new(nats.Msg); answer.Subject != look.Reply; {
				answer, err = answers.NextMsgWithContext(t.Context())
				require.NoError(t, err)
			}
			if c.there {
				publishAt(t, relay, acknowledged)
			}
			assert.ErrorIs(t, <-ended, c.err)
		})
	}
}

// publishAt publishes a heartbeat that says that everything up to a checkpoint is in the stream.
func publishAt(t *testing.T, r *Relay, complete events.Checkpoint) {
	t.Helper()
	q := newQueue(complete)
	at := place{complete: complete}
	require.True(t, q.begin(at))
	other, err := r.newTerm(q, at)
	require.NoError(t, err)
	defer other.end()
	require.NoError(t, other.flush(t.Context(), "other"))
}

// TestRefusalIsExplained publishes a message that the server refuses whoever publishes it.
func TestRefusalIsExplained(t *testing.T) {
	t.Parallel()
	first := begin(t)
	defer first.end()
	const tooLong = 1 << 16
	require.NoError(t, first.publish(t.Context(), &nats.Msg{Subject: "roster.events.acme.mine", Header: nats.Header{"long": {strings.Repeat("x", tooLong)}}}, false))
	err := first.flush(t.Context(), first.id)
	var refused *jetstream.APIError
	require.ErrorAs(t, err, &refused)
	assert.False(t, isConflict(err), "no other relay publishes: %v", err)
	assert.Contains(t, refused.Description, "header")
}
