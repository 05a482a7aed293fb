package replica_test

import (
	"context"
	"log/slog"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/replica"
	"github.com/seed-2026d078/roster/scheme"
)

func TestMain(m *testing.M) { bustest.Main(m) }

// server is Roster, as far as a replica sees it.
type server struct {
	t      testing.TB
	nc     *nats.Conn
	ledger *bus.Ledger
	// registry has the subscriber called tester.
	registry *subscriber.Registry
	desk     *bus.Desk[domain.Roster, domain.Command]
	end      func()
	// endRelay ends the relay; nil if none runs.
	endRelay    func()
	stopService func()

	relay *relay.Relay
}

func newServer(t testing.TB) *server {
	t.Helper()
	return newServerOn(t, bustest.New(t))
}

func newServerOn(t testing.TB, nc *nats.Conn) *server {
	t.Helper()
	s := &server{t: t, nc: nc, ledger: bustest.Open(t, nc)}
	var err error
	s.registry, err = subscriber.Open(t.Context(), nc, s.ledger.Replicas())
	require.NoError(t, err)
	s.start()
	s.subscriber("tester")
	t.Cleanup(func() { s.stop() })
	return s
}

// start starts the desk, the relay, and what answers subscribers.
func (s *server) start() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	s.desk, err = bus.NewDesk[domain.Roster, domain.Command](ctx, s.ledger, domain.Roster{}, bus.DeskConfig{})
	require.NoError(s.t, err)
	ended := make(chan error, 1)
	go func() { ended <- s.desk.Run(ctx) }()
	s.startRelay()
	s.startService()
	s.end = func() {
		s.stopService()
		if s.endRelay != nil {
			s.stopRelay()
		}
		cancel()
		assert.NoError(s.t, <-ended)
	}
}

func (s *server) startService() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	service, err := subscriber.NewService(ctx, s.nc, subscriber.Config{
		Registry: s.registry, Ledger: s.ledger, View: s.desk.View, Entries: subscriber.LedgerEntries(s.ledger), Log: slog.New(slog.NewTextHandler(s.t.Output(), nil)),
	})
	require.NoError(s.t, err)
	ended := make(chan error, 1)
	go func() { ended <- service.Run(ctx) }()
	s.stopService = func() {
		cancel()
		assert.NoError(s.t, <-ended)
	}
}

// subscriber registers a subscriber that may read organizations as they are now; none: all.
func (s *server) subscriber(name string, organizations ...events.OrganizationID) {
	s.t.Helper()
	pair, err := nkeys.CreateUser()
	require.NoError(s.t, err)
	key, err := pair.PublicKey()
	require.NoError(s.t, err)
	added := subscriber.Subscriber{Name: name, PublicKey: key}
	for _, org := range organizations {
		added.Organizations = append(added.Organizations, subscriber.Organization{ID: org, Created: s.desk.View().State.Organization(org).Created().Version})
	}
	_, err = s.registry.Create(s.t.Context(), added)
	require.NoError(s.t, err)
}

func (s *server) stop() { s.end() }

func (s *server) startRelay() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r, err := relay.Open(ctx, s.nc, s.ledger, relay.Config{Replicas: s.ledger.Replicas(), Log: slog.New(slog.NewTextHandler(s.t.Output(), nil))})
	require.NoError(s.t, err)
	follower, _ := s.desk.LiveFollower()
	s.relay = r
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx, follower) }()
	s.endRelay = func() {
		cancel()
		assert.NoError(s.t, <-ended)
	}
}

func (s *server) stopRelay() {
	s.endRelay()
	s.endRelay = nil
}

// try gives a command as the system, which may be refused.
func (s *server) try(org events.OrganizationID, c domain.Command) error {
	_, err := s.desk.Do(context.Background(), bus.Request[domain.Command]{Organization: org, Command: c})
	return err
}

func (s *server) give(org events.OrganizationID, c domain.Command) {
	s.t.Helper()
	require.NoError(s.t, s.try(org, c))
}

// create creates an organization under a scheme with people u0, u1 and so on.
func (s *server) create(org events.OrganizationID, key string, people int) {
	s.t.Helper()
	all, err := scheme.BuiltIn()
	require.NoError(s.t, err)
	require.Contains(s.t, all, key)
	s.give(org, domain.CreateOrganization{Name: "Acme", Scheme: all[key], Owner: "owner"})
	for i := range people {
		s.give(org, domain.AddMember{Member: person(i)})
	}
}

// open opens a replica that the test closes at its end.
func (s *server) open(options replica.Options) *replica.Replica {
	s.t.Helper()
	if options.Subscriber == "" {
		options.Subscriber = "tester"
	}
	if options.MaxStaleness == 0 && options.Elapsed == nil {
		options.MaxStaleness = time.Minute // a machine with other work may keep the replica waiting
	}
	options.Log = slog.New(slog.NewTextHandler(s.t.Output(), nil))
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	r, err := replica.Open(ctx, s.nc, options)
	require.NoError(s.t, err)
	s.t.Cleanup(r.Close)
	return r
}

// wait waits until a replica has all that the desk has.
func (s *server) wait(r *replica.Replica) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	require.NoError(s.t, r.Wait(ctx, s.desk.View().Position))
}

// stream returns the stream of the feed.
func (s *server) stream() jetstream.Stream {
	s.t.Helper()
	js, err := jetstream.New(s.nc)
	require.NoError(s.t, err)
	stream, err := js.Stream(s.t.Context(), feed.StreamName)
	require.NoError(s.t, err)
	return stream
}

func portOf(t testing.TB, address string) int {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	port, err := strconv.Atoi(u.Port())
	require.NoError(t, err)
	return port
}
