package replica_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/replica"
)

// TestLeadersOfTheFeedStop stops, of a NATS cluster, the server that leads the stream, and then the one that leads the consumer of
// a subscriber, while commands are given.
//
//roster:fault the NATS server of a cluster that leads the feed, or a subscriber's place in it, is stopped | another one takes over; subscribers and replicas go on by themselves, miss nothing and read in order; dead letters are kept
func TestLeadersOfTheFeedStop(t *testing.T) {
	t.Parallel()
	nodes := bustest.Servers(t)
	var urls []string
	for _, node := range nodes {
		urls = append(urls, node.ClientURL())
	}
	nc := bustest.Dial(t, strings.Join(urls, ","))
	require.EventuallyWithT(t, func(c *assert.CollectT) { // servers that have just met lose requests
		opening, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		_, err := bus.Open(opening, nc, bus.OpenConfig{Replicas: len(nodes)})
		require.NoError(c, err)
	}, time.Minute, time.Millisecond)
	s := newServerOn(t, nc)
	orgs := []events.OrganizationID{"acme", "other"}
	for _, org := range orgs {
		s.create(org, "github", people)
	}
	s.create("quiet", "github", 1)
	s.give("quiet", domain.CreateProject{Project: project(0), Name: "P"})
	s.give("quiet", domain.AddProjectMember{Project: project(0), Member: person(0), Role: "write"})
	r := s.open(replica.Options{})
	readers := []*reader{
		s.subscribe(feed.Options{Subscriber: "tester", Start: feed.Start{Beginning: true}, Tries: 2, Pause: time.Millisecond}),
		s.subscribe(feed.Options{Subscriber: "tester", Start: feed.Start{Beginning: true}, Ephemeral: true}),
	}

	for _, fault := range []struct {
		what  string
		leads func(*bustest.Node) bool
		user  events.UserID // whom the durable subscriber cannot handle
	}{
		{"the stream", func(n *bustest.Node) bool { return n.JetStreamIsStreamLeader("$G", feed.StreamName) }, "eve"},
		{"the consumer", func(n *bustest.Node) bool { return n.JetStreamIsConsumerLeader("$G", feed.StreamName, "tester") }, "mallory"},
	} {
		leader := func() (found *bustest.Node) {
			require.Eventually(t, func() bool {
				for _, node := range nodes {
					if node.Running() && fault.leads(node) {
						found = node
					}
				}
				return found != nil
			}, time.Minute, 5*time.Millisecond, "a server leads %s", fault.what)
			return found
		}
		stop := s.playOn(orgs...)
		stopped := leader()
		stopped.Stop()
		leader()
		require.Eventually(t, func() bool {
			_ = s.try("quiet", domain.AddMember{Member: fault.user}) // it may have to be repeated
			_, joined := s.desk.View().State.Organization("quiet").Member(fault.user)
			return joined
		}, time.Minute, 5*time.Millisecond, "commands go on")
		stop()
		for _, reader := range readers {
			reader.until(s.desk.View().State)
		}
		stopped.Restart(t)
		require.Eventually(t, s.replicated, time.Minute, 5*time.Millisecond, "the server has caught up")
	}

	s.wait(r)
	s.agree(r, append(orgs, "quiet")...)
	letters, err := s.registry.DeadLetters(t.Context(), "tester", 0, 100)
	require.NoError(t, err)
	kept := map[string]bool{}
	for _, letter := range letters {
		kept[letter.ID] = true // it may be there twice
	}
	assert.Equal(t, readers[0].failed, kept, "dead letters")
	assert.Len(t, kept, 2)
	s.keptOn(len(nodes), bus.StreamName, feed.StreamName, "KV_SUBSCRIBERS", "REPLICAS", "DEAD_LETTERS_tester")
}

// playOn gives random commands until what it returns is called.
func (s *server) playOn(orgs ...events.OrganizationID) (stop func()) {
	var ended atomic.Bool
	var playing sync.WaitGroup
	for i, org := range orgs {
		playing.Go(func() {
			for chance := rand.New(rand.NewPCG(1, uint64(i))); !ended.Load(); time.Sleep(2 * time.Millisecond) {
				s.play(chance, org, 1)
			}
		})
	}
	return func() {
		ended.Store(true)
		playing.Wait()
	}
}

// replicated reports whether every server has all that the others have.
func (s *server) replicated() bool {
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Second)
	defer cancel()
	behind := func(cluster *jetstream.ClusterInfo) bool {
		return cluster == nil || cluster.Leader == "" || slices.ContainsFunc(cluster.Replicas, func(p *jetstream.PeerInfo) bool { return !p.Current || p.Offline })
	}
	js, err := jetstream.New(s.nc)
	require.NoError(s.t, err)
	streams := js.ListStreams(ctx)
	for info := range streams.Info() {
		if behind(info.Cluster) {
			return false
		}
	}
	consumer, err := js.Consumer(ctx, feed.StreamName, "tester")
	return err == nil && streams.Err() == nil && !behind(consumer.CachedInfo().Cluster)
}

// keptOn holds that streams, and the durable consumer, are kept on so many servers.
func (s *server) keptOn(servers int, streams ...string) {
	s.t.Helper()
	js, err := jetstream.New(s.nc)
	require.NoError(s.t, err)
	for _, name := range streams {
		stream, err := js.Stream(s.t.Context(), name)
		require.NoError(s.t, err)
		assert.Equal(s.t, servers, stream.CachedInfo().Config.Replicas, "servers that keep %s", name)
	}
	consumer, err := js.Consumer(s.t.Context(), feed.StreamName, "tester")
	require.NoError(s.t, err)
	assert.Len(s.t, consumer.CachedInfo().Cluster.Replicas, servers-1, "servers that keep the consumer, besides the one that leads it")
}

// reader notes how far a subscriber has read.
type reader struct {
	t       testing.TB
	durable bool

	mu sync.Mutex
	// last is the newest message of each organization, failed are those that the subscriber cannot handle.
	last   map[events.OrganizationID]*feed.Message
	failed map[string]bool
}

// subscribe subscribes until the test ends.
func (s *server) subscribe(o feed.Options) *reader {
	s.t.Helper()
	r := &reader{t: s.t, durable: !o.Ephemeral, last: map[events.OrganizationID]*feed.Message{}, failed: map[string]bool{}}
	o.Log = slog.New(slog.NewTextHandler(s.t.Output(), nil))
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- feed.Subscribe(ctx, s.nc, o, r.handle) }()
	s.t.Cleanup(func() {
		cancel()
		assert.NoError(s.t, <-ended)
	})
	return r
}

// handle takes a message that the subscriber has had before, or the one that follows.
func (r *reader) handle(_ context.Context, m *feed.Message) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	last := r.last[m.Organization]
	if last == nil {
		last = &feed.Message{Count: 1}
	}
	if m.Version > last.Version || m.Version == last.Version && m.Index > last.Index {
		if m.Version == last.Version {
			assert.Equal(r.t, last.Index+1, m.Index, "%s follows %s", m.ID, last.ID)
		} else {
			assert.Equal(r.t, last.Count, last.Index+1, "%s follows %s", m.ID, last.ID)
			assert.Equal(r.t, last.Version, m.PreviousVersion, "%s follows %s", m.ID, last.ID)
			assert.Zero(r.t, m.Index, "%s follows %s", m.ID, last.ID)
		}
		r.last[m.Organization] = m
	}
	if joined, is := m.Event.(events.MemberJoined); is && r.durable && (joined.Member == "eve" || joined.Member == "mallory") {
		r.failed[m.ID] = true
		return errors.New("the subscriber cannot handle this")
	}
	return nil
}

// until waits until the subscriber has had every message of what a state has.
func (r *reader) until(state domain.Roster) {
	r.t.Helper()
	require.Eventually(r.t, func() bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		for id, org := range state.Organizations() {
			if m := r.last[id]; m == nil || m.Version != org.Version() || m.Index+1 != m.Count {
				return false
			}
		}
		return true
	}, time.Minute, 5*time.Millisecond, "the subscriber has read everything")
}
