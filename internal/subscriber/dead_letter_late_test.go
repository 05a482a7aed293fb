package subscriber_test

import (
	"bytes"
	"net"
	"sync"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/subscriber"
)

// held connects to a server, and holds up the first write with a text: it says so, and goes on when it may.
type held struct {
	nats.InProcessConnProvider

	text             []byte
	writing, release chan struct{}
	once             *sync.Once
}

func (h held) InProcessConn() (net.Conn, error) {
	conn, err := h.InProcessConnProvider.InProcessConn()
	return &heldConn{conn, h}, err
}

type heldConn struct {
	net.Conn

	held held
}

func (c *heldConn) Write(data []byte) (int, error) {
	if bytes.Contains(data, c.held.text) {
		c.held.once.Do(func() {
			close(c.held.writing)
			<-c.held.release
		})
	}
	return c.Conn.Write(data)
}

// TestLateDeadLetter has a dead letter come while its subscriber is revoked, and another one gets the name. That one keeps its own letters, and no other.
func TestLateDeadLetter(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	require.NoError(t, n.registry.KeepDeadLetter(t.Context(), "search", letter("acme"), []byte("{}")))
	h := held{text: []byte("roster.dead_letters.search.waiting.acme"), writing: make(chan struct{}), release: make(chan struct{}), once: new(sync.Once)}
	nc, err := n.server.Connect(func(o *nats.Options) error {
		h.InProcessConnProvider = o.InProcessServer
		o.InProcessServer = h
		return nil
	})
	require.NoError(t, err)
	defer nc.Close()
	slow, err := subscriber.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	late := make(chan error, 1)
	go func() { late <- slow.KeepDeadLetter(t.Context(), "search", letter("acme"), []byte("{}")) }()
	<-h.writing
	require.NoError(t, n.registry.Revoke(t.Context(), "search"))
	n.subscriber("search")
	require.NoError(t, n.registry.KeepDeadLetter(t.Context(), "search", letter("other"), []byte("{}")))
	close(h.release)
	require.ErrorIs(t, <-late, subscriber.ErrUnknown)
	require.Len(t, n.letters(), 1)
	assert.EqualValues(t, "other", n.letters()[0].Organization)
}
