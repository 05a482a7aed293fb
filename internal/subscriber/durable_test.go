package subscriber_test

import (
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// TestWhereDurableConsumersAre has a subscriber that is sent some messages and acknowledges one, another one that has read nothing, and one without a durable consumer.
func TestWhereDurableConsumersAre(t *testing.T) {
	t.Parallel()
	n := start(t)
	for _, name := range []string{"reads", "sleeps", "own", "none"} {
		n.subscriber(name, "acme")
	}
	last := n.addMember("acme", "bob")
	durable := feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}}
	assert.Equal(t, []string{"acme/1/0", "acme/1/1"}, withPrefix(n.opened("own", feed.OpenRequest{Start: durable.Start}, last), "acme/1"))
	require.Nil(t, n.open("own", feed.OpenRequest{Start: durable.Start}).Problem)
	for _, name := range []string{"reads", "sleeps"} {
		require.Nil(t, n.open(name, durable).Problem)
	}
	all, err := n.registry.Durables(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2, "others have none")
	pending := all["sleeps"].Pending
	assert.Greater(t, pending, uint64(2))
	assert.Equal(t, subscriber.Durable{Pending: pending}, all["reads"])

	consumer, err := n.stream.Consumer(t.Context(), "reads")
	require.NoError(t, err)
	got, err := consumer.Fetch(3, jetstream.FetchPriorityGroup("readers"), jetstream.FetchMaxWait(30*time.Second))
	require.NoError(t, err)
	var sent []jetstream.Msg
	for m := range got.Messages() {
		sent = append(sent, m)
	}
	require.Len(t, sent, 3)
	require.NoError(t, sent[0].DoubleAck(t.Context()))
	one, err := n.registry.Durable(t.Context(), "reads")
	require.NoError(t, err)
	assert.Equal(t, 2, one.Unacknowledged)
	assert.Equal(t, pending-3, one.Pending)
	assert.Zero(t, one.Redelivered)
	assert.WithinDuration(t, time.Now(), one.Active, time.Minute)
	require.NoError(t, sent[1].Nak())
	require.Eventually(t, func() bool {
		again, err := consumer.Fetch(1, jetstream.FetchPriorityGroup("readers"), jetstream.FetchMaxWait(time.Second))
		require.NoError(t, err)
		for range again.Messages() { //nolint:revive // it is not acknowledged
		}
		all, err = n.registry.Durables(t.Context())
		require.NoError(t, err)
		return all["reads"].Redelivered == 1
	}, time.Minute, time.Millisecond)
	assert.Equal(t, subscriber.Durable{Pending: pending}, all["sleeps"])

	for _, name := range []string{"own", "none"} {
		one, err := n.registry.Durable(t.Context(), name)
		require.NoError(t, err)
		assert.Nil(t, one)
	}
	_, err = n.registry.Durable(t.Context(), "*")
	assert.ErrorIs(t, err, subscriber.ErrUnknown)
}
