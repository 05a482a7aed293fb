package rostertest_test

import (
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/rostertest"
)

// open asks for a consumer on the connection of a subscriber.
func open(t *testing.T, conn *nats.Conn, name string, request feed.OpenRequest) feed.OpenResponse {
	t.Helper()
	text, err := json.Marshal(request)
	require.NoError(t, err)
	answer, err := conn.Request(feed.SubscriberSubject(name, feed.Open), text, 20*time.Second)
	require.NoError(t, err)
	var response feed.OpenResponse
	require.NoError(t, json.Unmarshal(answer.Data, &response))
	return response
}

func TestSubscriber(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Project("site"))
	roster.Organization("other", "github", "bob")
	conn := roster.Subscriber("search", "acme")
	refused := open(t, conn, "search", feed.OpenRequest{Durable: true, Organizations: []events.OrganizationID{"other"}})
	require.NotNil(t, refused.Problem)
	assert.Equal(t, feed.Forbidden, refused.Problem.Code)
	opened := open(t, conn, "search", feed.OpenRequest{Durable: true, Start: feed.Start{Beginning: true}})
	require.Nil(t, opened.Problem)

	again := roster.Subscriber("search")
	js, err := jetstream.New(again)
	require.NoError(t, err)
	consumer, err := js.Consumer(t.Context(), feed.StreamName, opened.Consumer)
	require.NoError(t, err)
	handled := 0
	consuming, err := consumer.Consume(func(m jetstream.Msg) {
		assert.NotContains(t, m.Subject(), "other")
		handled++
		assert.NoError(t, m.Ack())
	}, jetstream.PullPriorityGroup(opened.Group))
	require.NoError(t, err)
	roster.Do("acme", domain.AddMember{Member: "cleo"})
	roster.Do("other", domain.AddMember{Member: "cleo"})
	roster.AwaitHandled("search")
	consuming.Drain()
	<-consuming.Closed()
	assert.Greater(t, handled, 4)

	_, err = js.Stream(t.Context(), feed.StreamName)
	require.Error(t, err, "a subscriber reads no stream")
	closed := make(chan struct{})
	again.SetClosedHandler(func(*nats.Conn) { close(closed) })
	roster.RevokeSubscriber("search")
	<-closed
}
