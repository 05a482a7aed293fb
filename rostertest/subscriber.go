package rostertest

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/natsserver"
)

const (
	// reconnectWait is how long the connection of a subscriber waits before it tries again.
	reconnectWait = 50 * time.Millisecond
	// checkEvery is how often the consumer of a subscriber is looked at.
	checkEvery = 2 * time.Millisecond
)

// Subscriber connects as a subscriber that may read some organizations, which exist, or, if none is named, all. The connection may do
// what that subscriber may elsewhere, and nothing else. It is closed when the test ends.
//
// Called again with a name, it makes another connection of the same subscriber, which may read what it could.
func (s *Server) Subscriber(name string, organizations ...events.OrganizationID) *nats.Conn {
	s.t.Helper()
	key, known := s.keys.Load(name)
	if !known {
		key = s.createSubscriber(name, organizations)
		s.keys.Store(name, key)
	}
	pair := key.(nkeys.KeyPair) //nolint:forcetypeassert // nothing else is stored
	public, err := pair.PublicKey()
	require.NoError(s.t, err)
	conn, err := nats.Connect(s.URL(), nats.Name(name), nats.Nkey(public, pair.Sign), nats.MaxReconnects(-1), nats.ReconnectWait(reconnectWait))
	require.NoError(s.t, err)
	s.t.Cleanup(conn.Close)
	return conn
}

// createSubscriber registers a subscriber, and lets it in. It returns the key pair.
func (s *Server) createSubscriber(name string, organizations []events.OrganizationID) nkeys.KeyPair {
	s.t.Helper()
	pair, err := nkeys.CreateUser()
	require.NoError(s.t, err)
	public, err := pair.PublicKey()
	require.NoError(s.t, err)
	reads := subscriber.Subscriber{Name: name, PublicKey: public}
	for _, id := range organizations {
		org := s.State().Organization(id)
		if !org.Exists() {
			require.Fail(s.t, fmt.Sprintf("there is no organization %s: create it before the subscriber", id))
		}
		reads.Organizations = append(reads.Organizations, subscriber.Organization{ID: id, Created: org.Created().Version})
	}
	_, err = s.registry.Create(s.t.Context(), reads)
	require.NoError(s.t, err)
	s.admit()
	return pair
}

// RevokeSubscriber takes a subscriber's rights away, and ends its connections.
func (s *Server) RevokeSubscriber(name string) {
	s.t.Helper()
	require.NoError(s.t, s.registry.Revoke(s.t.Context(), name))
	s.keys.Delete(name)
	s.admit()
}

// admit lets the subscribers in to the NATS server that there are, and no others.
func (s *Server) admit() {
	s.t.Helper()
	all, err := s.registry.List(s.t.Context())
	require.NoError(s.t, err)
	known := make([]natsserver.Subscriber, len(all))
	for i, one := range all {
		known[i] = natsserver.Subscriber{Name: one.Name, Key: one.PublicKey}
		for _, service := range feed.Services(one.Name) {
			known[i].Services = append(known[i].Services, natsserver.Service(service))
		}
	}
	require.NoError(s.t, s.nats.SetSubscribers(known))
}

// AwaitHandled waits until a subscriber has acknowledged, with its durable consumer, all messages that the commands of this server
// have led to. After that a test can look at what the subscriber has made of them.
func (s *Server) AwaitHandled(name string) {
	s.t.Helper()
	for org := range s.changed.Range {
		s.Messages(org.(events.OrganizationID)) //nolint:forcetypeassert // nothing else is stored
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), s.Timeout)
	defer cancel()
	js, err := jetstream.New(s.own)
	require.NoError(s.t, err)
	stream, err := js.Stream(ctx, feed.StreamName)
	require.NoError(s.t, err)
	last, said := stream.CachedInfo().State.LastSeq, "it has not begun"
	for ctx.Err() == nil {
		consumer, err := stream.Consumer(ctx, name)
		if err == nil {
			info := consumer.CachedInfo()
			if info.AckFloor.Stream >= last || info.NumPending == 0 && info.NumAckPending == 0 {
				return
			}
			said = fmt.Sprintf("%d messages are not acknowledged, and %d follow", info.NumAckPending, info.NumPending)
		}
		time.Sleep(checkEvery)
	}
	require.Fail(s.t, fmt.Sprintf("the subscriber %s has not handled everything after %v: %s", name, s.Timeout, said))
}
