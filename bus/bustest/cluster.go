package bustest

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/stretchr/testify/require"
)

// startTimeout is how long servers may take to start and to find each other.
const startTimeout = 30 * time.Second

// listenTimeout is how long a server may take to listen for the others; a port that is taken stays so.
const listenTimeout = 10 * time.Second

// Cluster starts servers as [Servers] does, and returns the address of one of them.
func Cluster(t testing.TB) string {
	t.Helper()
	return Servers(t)[0].ClientURL()
}

// Node is a server of a cluster.
type Node struct {
	*server.Server

	options *server.Options
}

// Servers starts three servers that keep streams together. They listen on free ports of the
// loopback interface and end with the test.
func Servers(t testing.TB) []*Node {
	t.Helper()
	var nodes []*Node
	for attempt := 0; nodes == nil; attempt++ {
		require.Less(t, attempt, 5, "ports that were free are taken again and again")
		nodes = startServers(t)
	}
	// Only the leader knows its peers.
	complete := func(n *Node) bool {
		return n.JetStreamIsLeader() && len(n.JetStreamClusterPeers()) == len(nodes)
	}
	for deadline := time.Now().Add(startTimeout); !slices.ContainsFunc(nodes, complete); time.Sleep(10 * time.Millisecond) {
		require.False(t, time.Now().After(deadline), "the cluster did not come together")
	}
	require.True(t, nodes[0].ReadyForConnections(startTimeout), "a server of the cluster does not serve")
	return nodes
}

// startServers starts the servers; nil if somebody has taken meanwhile the port on which one was to listen for the others.
func startServers(t testing.TB) []*Node {
	t.Helper()
	addresses := []*net.TCPAddr{free(t), free(t), free(t)}
	var routes []*url.URL
	for _, address := range addresses {
		routes = append(routes, &url.URL{Scheme: "nats", Host: address.String()})
	}
	var nodes []*Node
	for i, address := range addresses {
		node := &Node{options: &server.Options{
			ServerName: fmt.Sprint("node", i), Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true,
			JetStream: true, StoreDir: t.TempDir(), Routes: routes,
			Cluster: server.ClusterOpts{Name: "roster", Host: address.IP.String(), Port: address.Port},
		}}
		node.start(t)
		nodes = append(nodes, node)
	}
	listens := func(n *Node) bool { return n.ClusterAddr() != nil }
	for deadline := time.Now().Add(listenTimeout); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		if !slices.ContainsFunc(nodes, func(n *Node) bool { return !listens(n) }) {
			return nodes
		}
	}
	for _, n := range nodes {
		n.Shutdown()
	}
	return nil
}

// start starts the server; it ends with the test.
func (n *Node) start(t testing.TB) {
	t.Helper()
	s, err := server.NewServer(n.options.Clone())
	require.NoError(t, err)
	n.Server = s
	var running sync.WaitGroup
	running.Go(s.Start)
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
		running.Wait()
	})
}

// Stop stops the server, which hands over what it leads.
func (n *Node) Stop() {
	if address, is := n.Addr().(*net.TCPAddr); is {
		n.options.Port = address.Port
	}
	n.Shutdown()
	n.WaitForShutdown()
}

// Restart starts the server again that was stopped, at its address and with its streams.
func (n *Node) Restart(t testing.TB) {
	t.Helper()
	n.start(t)
	require.True(t, n.ReadyForConnections(startTimeout), "a server of the cluster does not serve again")
}

// free picks where a server of a cluster may listen for the others, which have to
// know it before it starts.
func free(t testing.TB) *net.TCPAddr {
	t.Helper()
	listener, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)})
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr)
}
