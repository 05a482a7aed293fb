package subscriber_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// drop has the stream drop everything but its last message.
func (n *node) drop() {
	n.t.Helper()
	info, err := n.stream.Info(n.t.Context())
	require.NoError(n.t, err)
	require.NoError(n.t, n.stream.Purge(n.t.Context(), jetstream.WithPurgeSequence(info.State.LastSeq)))
}

func (n *node) exists(consumer string) bool {
	n.t.Helper()
	_, err := n.stream.Consumer(n.t.Context(), consumer)
	if err != nil {
		require.ErrorIs(n.t, err, jetstream.ErrConsumerNotFound)
	}
	return err == nil
}

// TestConsumersThatMissMessagesEnd has the stream drop messages that a durable consumer, and one of a reader's own, have not
// read. NATS alone would go on behind the gap.
func TestConsumersThatMissMessagesEnd(t *testing.T) {
	t.Parallel()
	n := start(t)
	readers := subscriber.Readers{}
	check := func() { require.NoError(t, n.service.CheckConsumers(t.Context(), readers)) }
	for _, name := range []string{"read", "behind"} {
		n.subscriber(name)
	}
	beginning := feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}}
	last := n.addMember("acme", "bob")
	n.opened("read", beginning, last)
	require.Nil(t, n.open("behind", beginning).Problem)
	own := n.open("behind", feed.OpenRequest{Start: feed.Start{Beginning: true}})
	require.Nil(t, own.Problem)
	check()
	check()
	assert.True(t, n.exists("behind"))
	unseen := n.open("behind", feed.OpenRequest{Start: feed.Start{Beginning: true}})
	require.Nil(t, unseen.Problem)
	n.drop()
	check()
	assert.True(t, n.exists("read"), "it has read all that was dropped")
	assert.False(t, n.exists("behind"))
	assert.False(t, n.exists(own.Consumer))
	assert.False(t, n.exists(unseen.Consumer), "messages were dropped before anybody had looked at it")
	lost, err := n.registry.Durable(t.Context(), "behind")
	require.NoError(t, err)
	assert.Equal(t, &subscriber.Durable{Lost: true}, lost)
	all, err := n.registry.Durables(t.Context())
	require.NoError(t, err)
	assert.Equal(t, subscriber.Durable{Lost: true}, all["behind"])
	assert.False(t, all["read"].Lost)
	for range 2 { // until it begins anew
		assert.Equal(t, feed.SnapshotNeeded, n.refused("behind", beginning))
	}
	assert.Equal(t, feed.SnapshotNeeded, n.refused("behind", feed.OpenRequest{Durable: true, Restart: true, Start: feed.Start{Beginning: true}}))
	last = n.addMember("acme", "cyd")
	after := last - 1
	assert.Equal(t, []string{"acme/3/0"}, n.opened("behind", feed.OpenRequest{Durable: true, Restart: true, Start: feed.Start{After: &after}}, last))
	check()
	assert.True(t, n.exists("behind"))
	assert.Equal(t, []string{"acme/3/0"}, n.opened("read", beginning, last))
}

// TestDurableThatIsGoneGoesOn has somebody delete a durable consumer.
func TestDurableThatIsGoneGoesOn(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	durable := feed.OpenRequest{Durable: true}
	require.Nil(t, n.open("search", durable).Problem)
	last := n.addMember("acme", "bob")
	require.NoError(t, n.stream.DeleteConsumer(t.Context(), "search"))
	assert.Contains(t, n.opened("search", durable, last), "acme/2/0")
	n.drop()
	require.NoError(t, n.stream.DeleteConsumer(t.Context(), "search"))
	assert.Equal(t, feed.SnapshotNeeded, n.refused("search", durable))
}

// TestConsumersThatMayNotReadEnd has consumers of a subscriber that was revoked, and of one that reads another organization now.
func TestConsumersThatMayNotReadEnd(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search", "acme", "other")
	n.subscriber("other", "other")
	for _, name := range []string{"search", "other"} {
		require.Nil(t, n.open(name, feed.OpenRequest{Durable: true}).Problem)
	}
	consumer, err := n.stream.Consumer(t.Context(), "search")
	require.NoError(t, err)
	config := consumer.CachedInfo().Config
	config.Name, config.Durable = "gone", "gone"
	config.Metadata["roster-subscriber"] = "gone"
	_, err = n.stream.CreateConsumer(t.Context(), config) // as the end of a rebuild may
	require.NoError(t, err)
	n.give("acme", domain.DeleteOrganization{})
	require.NoError(t, n.service.CheckConsumers(t.Context(), subscriber.Readers{}))
	assert.True(t, n.exists("search"), "it reads the end of the organization")
	assert.False(t, n.exists("gone"))
	n.createOrganization("acme")
	require.NoError(t, n.service.CheckConsumers(t.Context(), subscriber.Readers{}))
	assert.False(t, n.exists("search"))
	assert.True(t, n.exists("other"))
	answer := n.open("search", feed.OpenRequest{Durable: true})
	require.Nil(t, answer.Problem)
	got := n.read(answer, n.addMember("acme", "bob"))
	assert.NotContains(t, got, "acme/3/0", "the other organization")
}

// TestBeginningOfWhatHasEverything has the stream drop messages of one organization before another one is created.
func TestBeginningOfWhatHasEverything(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("all")
	last := n.addMember("acme", "bob")
	n.opened("all", feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}}, last)
	n.drop()
	n.createOrganization("new")
	n.subscriber("new", "new")
	n.subscriber("both", "acme", "new")
	last = n.addMember("new", "bob")
	for _, row := range []struct { // in this order: the last one has the consumer made anew that the one before it has made
		what    string
		request feed.OpenRequest
	}{
		{"a reader of its own", feed.OpenRequest{Start: feed.Start{Beginning: true}}},
		{"a durable one", feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}}},
		{"a restart", feed.OpenRequest{Durable: true, Restart: true, Start: feed.Start{Beginning: true}}},
	} {
		t.Run(row.what, func(t *testing.T) {
			request := row.request
			assert.Equal(t, []string{"new/1/0", "new/1/1", "new/2/0"}, n.opened("new", request, last))
			assert.Equal(t, feed.SnapshotNeeded, n.refused("both", request), "messages of acme are gone")
			assert.Equal(t, feed.SnapshotNeeded, n.refused("all", feed.OpenRequest{Start: feed.Start{Beginning: true}}), "it names no organization")
			request.Organizations = []events.OrganizationID{"new"}
			assert.Equal(t, []string{"new/1/0", "new/1/1", "new/2/0"}, n.opened("both", request, last))
		})
	}
	future := feed.OpenRequest{Start: feed.Start{Beginning: true}, Organizations: []events.OrganizationID{"future"}}
	assert.Empty(t, n.opened("all", future, last), "nothing of an organization that there never was is gone")
	n.give("new", domain.DeleteOrganization{})
	last = n.addMember("acme", "cyd")
	deleted := feed.OpenRequest{Start: feed.Start{Beginning: true}, Organizations: []events.OrganizationID{"new"}}
	assert.Equal(t, []string{"new/1/0", "new/1/1", "new/2/0", "new/3/0"}, n.opened("all", deleted, last), "of one that was deleted everything is there")
	n.drop()
	assert.Equal(t, feed.SnapshotNeeded, n.refused("new", feed.OpenRequest{Start: feed.Start{Beginning: true}}))
	assert.Equal(t, feed.SnapshotNeeded, n.refused("all", deleted))
}

// TestHeartbeatsMoveNoAckFloor reads messages and a heartbeat from the beginning of the stream, and acknowledges nothing. When the heartbeat
// is gone, the messages still have to be delivered again to another reader.
func TestHeartbeatsMoveNoAckFloor(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("killed")
	last := n.addMember("acme", "bob")
	answer := n.open("killed", feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}})
	require.Nil(t, answer.Problem)
	consumer, err := n.stream.Consumer(t.Context(), answer.Consumer)
	require.NoError(t, err)
	messages, err := consumer.Messages(jetstream.PullPriorityGroup(answer.Group))
	require.NoError(t, err)
	defer messages.Stop()
	var unread, beats []*jetstream.MsgMetadata
	for len(beats) < 4 {
		m, err := messages.Next(jetstream.NextContext(t.Context()))
		require.NoError(t, err)
		about, err := m.Metadata()
		require.NoError(t, err)
		if m.Subject() != feed.HeartbeatSubject {
			unread = append(unread, about)
			continue
		}
		complete, err := strconv.ParseUint(m.Headers().Get(feed.Complete), 10, 64)
		require.NoError(t, err)
		if complete < uint64(last) {
			continue
		}
		if beats = append(beats, about); len(beats) == 4 {
			require.NoError(t, m.DoubleAck(t.Context()))
		}
	}
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		_, err := n.stream.GetMsg(n.t.Context(), beats[0].Sequence.Stream)
		assert.ErrorIs(t, err, jetstream.ErrMsgNotFound)
	}, time.Minute, 10*time.Millisecond)
	info, err := consumer.Info(t.Context())
	require.NoError(t, err)
	assert.Less(t, info.AckFloor.Consumer, unread[0].Sequence.Consumer, "as if it had been acknowledged")
	assert.Less(t, info.AckFloor.Stream, unread[0].Sequence.Stream, "as if it had been acknowledged")
	assert.GreaterOrEqual(t, info.NumAckPending, len(unread))
	stream, err := n.stream.Info(t.Context(), jetstream.WithSubjectFilter(feed.HeartbeatSubject))
	require.NoError(t, err)
	assert.LessOrEqual(t, stream.State.Subjects[feed.HeartbeatSubject], uint64(2), "heartbeats pile up")
}
