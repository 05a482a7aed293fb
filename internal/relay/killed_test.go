package relay_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/scheme"
)

// node is a desk with a relay, on a connection of its own.
type node struct {
	t    *testing.T
	conn *nats.Conn
	desk *bus.Desk[domain.Roster, domain.Command]
}

// startNode starts a node on a connection that only it has. It ends with the test, and may be
// killed before: then its parts fail.
func startNode(t *testing.T, conn *nats.Conn) *node {
	t.Helper()
	n := &node{t: t, conn: conn}
	ledger := bustest.Open(t, n.conn)
	r, err := relay.Open(t.Context(), n.conn, ledger, relay.Config{})
	require.NoError(t, err)
	n.desk, err = bus.NewDesk[domain.Roster, domain.Command](t.Context(), ledger, domain.Roster{}, bus.DeskConfig{})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(t.Context())
	var parts sync.WaitGroup
	parts.Go(func() { _ = n.desk.Run(ctx) })
	parts.Go(func() { _ = r.Run(ctx, n.desk.Follower()) })
	t.Cleanup(func() {
		stop()
		parts.Wait()
	})
	return n
}

// kill takes the connection away, so that neither part can say that it ends.
func (n *node) kill() { n.conn.Close() }

func (n *node) do(c domain.Command) {
	n.t.Helper()
	_, err := n.desk.Do(n.t.Context(), bus.Request[domain.Command]{Organization: "acme", Command: c})
	require.NoError(n.t, err)
}

// epoch returns that of the newest heartbeat; empty if there is none.
func (n *node) epoch() string {
	n.t.Helper()
	js, err := jetstream.New(n.conn)
	require.NoError(n.t, err)
	stream, err := js.Stream(n.t.Context(), feed.StreamName)
	require.NoError(n.t, err)
	beat, err := stream.GetLastMsgForSubject(n.t.Context(), feed.HeartbeatSubject)
	if err != nil {
		assert.ErrorIs(n.t, err, jetstream.ErrMsgNotFound)
		return ""
	}
	return beat.Header.Get(feed.Epoch)
}

// TestKilledRelayIsReplaced has two nodes, of which the one that publishes is killed while it does.
func TestKilledRelayIsReplaced(t *testing.T) {
	t.Parallel()
	server := bustest.Server(t)
	one := startNode(t, bustest.Connect(t, server))
	require.Eventually(t, func() bool { return one.epoch() != "" }, 30*time.Second, 10*time.Millisecond)
	two := startNode(t, bustest.Connect(t, server))
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	one.do(domain.CreateOrganization{Name: "Acme", Scheme: schemes["github"], Owner: "owner"})
	for i := range 300 {
		one.do(domain.AddMember{Member: person(i)})
	}
	before := one.epoch()
	one.kill()

	two.do(domain.CreateProject{Project: "p", Name: "P"})
	for i := range 100 {
		two.do(domain.AddProjectMember{Project: "p", Member: person(i), Role: "read"})
	}
	r := read(t, two.conn)
	r.through(two.desk.View().Position)
	r.agrees(two.desk.View().State)
	assert.NotEqual(t, before, two.epoch(), "another relay has published")
}
