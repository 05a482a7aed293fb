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

// Cluster starts servers as [Servers] does, and returns the address of one of them.
func Cluster(t testing.TB) string {
	t.Helper()
	return Servers(t)[0].ClientURL()
}

// Servers starts three servers that keep streams together. They listen on free ports of the
// loopback interface and end with the test.
func Servers(t testing.TB) []*server.Server {
	t.Helper()
	addresses := []*net.TCPAddr{free(t), free(t), free(t)}
	var routes []*url.URL
	for _, address := range addresses {
		routes = append(routes, &url.URL{Scheme: "nats", Host: address.String()})
	}
	var servers []*server.Server
	for i, address := range addresses {
		s, err := server.NewServer(&server.Options{
			ServerName: fmt.Sprint("node", i), Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true,
			JetStream: true, StoreDir: t.TempDir(), Routes: routes,
			Cluster: server.ClusterOpts{Name: "roster", Host: address.IP.String(), Port: address.Port},
		})
		require.NoError(t, err)
		var running sync.WaitGroup
		running.Go(s.Start)
		t.Cleanup(func() {
			s.Shutdown()
			s.WaitForShutdown()
			running.Wait()
		})
		servers = append(servers, s)
	}
	// Only the leader knows its peers.
	complete := func(s *server.Server) bool {
		return s.JetStreamIsLeader() && len(s.JetStreamClusterPeers()) == len(servers)
	}
	for deadline := time.Now().Add(startTimeout); !slices.ContainsFunc(servers, complete); time.Sleep(10 * time.Millisecond) {
		require.False(t, time.Now().After(deadline), "the cluster did not come together")
	}
	require.True(t, servers[0].ReadyForConnections(startTimeout), "a server of the cluster does not serve")
	return servers
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
