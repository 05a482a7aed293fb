package natsrequest_test

import (
	"context"
	"net/url"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/natsrequest"
	"github.com/seed-2026d078/roster/internal/tcpproxy"
	"github.com/seed-2026d078/roster/rostertest"
)

// limit is longer than everything takes that the tests wait for.
const limit = time.Minute

func send(t *testing.T, nc *nats.Conn, subject string) (*nats.Msg, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	answer, err := natsrequest.Send(ctx, nc, &nats.Msg{Subject: subject, Data: []byte("question")})
	require.NoError(t, ctx.Err(), "it is told before the time is over")
	return answer, err
}

// TestForbidden asks on subjects that the connection may not send on, again and again, and then on one that it may.
func TestForbidden(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	nc := roster.Subscriber("search")
	for range 2 {
		for _, name := range []string{"other", "searches", "search_2"} {
			subject := feed.SubscriberSubject(name, feed.Open)
			_, err := send(t, nc, subject)
			var forbidden *natsrequest.ForbiddenError
			require.ErrorAs(t, err, &forbidden)
			assert.Equal(t, subject, forbidden.Subject)
		}
		answer, err := send(t, nc, feed.SubscriberSubject("search", feed.Organizations))
		require.NoError(t, err)
		assert.Contains(t, string(answer.Data), "{")
	}
}

func TestNobodyListens(t *testing.T) {
	t.Parallel()
	_, err := send(t, bustest.New(t), "nobody")
	require.ErrorIs(t, err, nats.ErrNoResponders)
}

// TestConnectionIsLost loses the connection while an answer to the flush is waited for. It is not closed for good, and can be used later.
func TestConnectionIsLost(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	own := roster.Conn()
	_, err := own.Subscribe("echo", func(m *nats.Msg) { assert.NoError(t, m.Respond(m.Data)) })
	require.NoError(t, err)
	require.NoError(t, own.Flush())
	address, err := url.Parse(roster.URL())
	require.NoError(t, err)
	proxy, err := tcpproxy.Start("tcp", address.Host)
	require.NoError(t, err)
	t.Cleanup(proxy.Stop)
	nc, err := nats.Connect("nats://"+proxy.Address(), nats.MaxReconnects(-1), nats.ReconnectWait(10*time.Millisecond))
	require.NoError(t, err)
	t.Cleanup(nc.Close)

	proxy.Pause()
	failed := make(chan error, 1)
	go func() {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // so long if it is lost just before the flush
		defer cancel()
		_, err := natsrequest.Send(ctx, nc, &nats.Msg{Subject: "echo"})
		failed <- err
	}()
	require.Eventually(t, func() bool { return nc.Stats().OutMsgs > 0 }, limit, time.Millisecond)
	proxy.Cut()
	require.Eventually(t, func() bool { return !nc.IsConnected() }, limit, time.Millisecond)
	_, err = send(t, nc, "echo")
	require.ErrorIs(t, err, nats.ErrDisconnected)
	err = <-failed
	require.ErrorIs(t, err, nats.ErrDisconnected)
	require.NotErrorIs(t, err, nats.ErrConnectionClosed)
	proxy.Resume()
	proxy.Restore()
	require.Eventually(t, nc.IsConnected, limit, time.Millisecond)
	answer, err := send(t, nc, "echo")
	require.NoError(t, err)
	assert.Equal(t, "question", string(answer.Data))
}

func TestConnectionIsClosed(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	require.NoError(t, natsrequest.Closed(nc))
	nc.Close()
	_, err := send(t, nc, "nobody")
	require.ErrorIs(t, err, natsrequest.ErrConnectionClosed)
	require.ErrorIs(t, err, nats.ErrConnectionClosed)
	require.ErrorContains(t, err, "nats.MaxReconnects(-1)")
}
