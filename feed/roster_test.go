package feed_test

import (
	"context"
	"log/slog"
	"strconv"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/nats-io/nkeys"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/scheme"
)

// roster is what runs in a test: a desk, a relay and what answers subscribers.
type roster struct {
	t        testing.TB
	nc       *nats.Conn
	js       jetstream.JetStream
	ledger   *bus.Ledger
	registry *subscriber.Registry
	desk     *bus.Desk[domain.Roster, domain.Command]
	relay    *relay.Relay
	// stop stops what run has started.
	stop func()
}

func start(t testing.TB) *roster {
	t.Helper()
	nc := bustest.New(t)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	registry, err := subscriber.Open(t.Context(), nc, 1)
	require.NoError(t, err)
	r := &roster{t: t, nc: nc, js: js, ledger: bustest.Open(t, nc), registry: registry}
	r.run()
	t.Cleanup(func() { r.stop() })
	return r
}

// run starts the desk, the relay and what answers subscribers.
func (r *roster) run() {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var err error
	r.relay, err = relay.Open(ctx, r.nc, r.ledger, relay.Config{Log: slog.New(slog.NewTextHandler(r.t.Output(), nil))})
	require.NoError(r.t, err)
	after, err := r.relay.Checkpoint(ctx)
	require.NoError(r.t, err)
	follower := bus.NewFollower[domain.Roster](after)
	r.desk, err = bus.NewDesk[domain.Roster, domain.Command](ctx, r.ledger, domain.Roster{}, bus.DeskConfig{}, follower)
	require.NoError(r.t, err)
	service, err := subscriber.NewService(ctx, r.nc, subscriber.Config{Registry: r.registry, Ledger: r.ledger, View: r.desk.View, Entries: subscriber.LedgerEntries(r.ledger)})
	require.NoError(r.t, err)
	ended := make(chan error, 3)
	go func() { ended <- r.desk.Run(ctx) }()
	go func() { ended <- r.relay.Run(ctx, follower) }()
	go func() { ended <- service.Run(ctx) }()
	r.stop = func() {
		cancel()
		for range cap(ended) {
			assert.NoError(r.t, <-ended)
		}
	}
}

// register makes a subscriber that may read everything.
func (r *roster) register(name string) {
	r.t.Helper()
	pair, err := nkeys.CreateUser()
	require.NoError(r.t, err)
	key, err := pair.PublicKey()
	require.NoError(r.t, err)
	_, err = r.registry.Create(r.t.Context(), subscriber.Subscriber{Name: name, PublicKey: key})
	require.NoError(r.t, err)
}

func (r *roster) give(org events.OrganizationID, c domain.Command) {
	r.t.Helper()
	_, err := r.desk.Do(context.Background(), bus.Request[domain.Command]{Organization: org, Command: c})
	require.NoError(r.t, err)
}

// create creates an organization with people u0, u1 and so on.
func (r *roster) create(org events.OrganizationID, people int) {
	r.t.Helper()
	all, err := scheme.BuiltIn()
	require.NoError(r.t, err)
	r.give(org, domain.CreateOrganization{Name: "Acme", Scheme: all["github"], Owner: "owner"})
	var members domain.Batch
	for i := range people {
		members = append(members, domain.AddMember{Member: events.UserID("u" + strconv.Itoa(i))})
	}
	r.give(org, members)
}

func (r *roster) project(org events.OrganizationID, i int) {
	r.t.Helper()
	r.give(org, domain.CreateProject{Project: events.ProjectID("p" + strconv.Itoa(i)), Name: "P"})
}
