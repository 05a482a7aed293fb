package feed_test

import (
	"context"
	"errors"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/scheme"
)

// roster is what runs in a test: a desk, a relay and what answers subscribers.
type roster struct {
	t      testing.TB
	nc     *nats.Conn
	js     jetstream.JetStream
	ledger *bus.Ledger
	desk   *bus.Desk[domain.Roster, domain.Command]
	// stop stops the desk and the relay.
	stop func()
}

func start(t testing.TB) *roster {
	t.Helper()
	nc := bustest.New(t)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	r := &roster{t: t, nc: nc, js: js, ledger: bustest.Open(t, nc)}
	r.run()
	t.Cleanup(func() { r.stop() })
	answer(t, nc, js)
	return r
}

// run starts the desk and the relay.
func (r *roster) run() {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // it ends before the server does
	opened, err := relay.Open(ctx, r.nc, r.ledger, relay.Config{Log: slog.New(slog.NewTextHandler(r.t.Output(), nil))})
	require.NoError(r.t, err)
	after, err := opened.Checkpoint(ctx)
	require.NoError(r.t, err)
	follower := bus.NewFollower[domain.Roster](after)
	r.desk, err = bus.NewDesk[domain.Roster, domain.Command](ctx, r.ledger, domain.Roster{}, bus.DeskConfig{}, follower)
	require.NoError(r.t, err)
	ended := make(chan error, 2)
	go func() { ended <- r.desk.Run(ctx) }()
	go func() { ended <- opened.Run(ctx, follower) }()
	r.stop = func() {
		cancel()
		for range cap(ended) {
			assert.NoError(r.t, <-ended)
		}
	}
}

// answer answers requests for consumers.
func answer(t testing.TB, nc *nats.Conn, js jetstream.JetStream) {
	t.Helper()
	readers := 0
	_, err := nc.Subscribe("roster.subscribers.*.open", func(m *nats.Msg) {
		name := strings.Split(m.Subject, ".")[2]
		var request feed.OpenRequest
		_ = json.Unmarshal(m.Data, &request)
		c := jetstream.ConsumerConfig{AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, InactiveThreshold: 10 * time.Second}
		if request.Durable {
			c = jetstream.ConsumerConfig{Durable: name, AckPolicy: jetstream.AckExplicitPolicy, MaxAckPending: 1000, PriorityPolicy: jetstream.PriorityPolicyPinned, PriorityGroups: []string{"readers"}, PinnedTTL: 6 * time.Second}
		} else {
			readers++
			c.Name = name + "-" + strconv.Itoa(readers)
		}
		c.DeliverPolicy = jetstream.DeliverAllPolicy
		switch s := request.Start; {
		case s.Sequence > 0:
			c.DeliverPolicy, c.OptStartSeq = jetstream.DeliverByStartSequencePolicy, s.Sequence+1
		case s == feed.Start{}:
			c.DeliverPolicy = jetstream.DeliverNewPolicy
		}
		for _, org := range request.Organizations {
			c.FilterSubjects = append(c.FilterSubjects, feed.SubjectPrefix+string(org)+".>")
		}
		if len(c.FilterSubjects) > 0 {
			c.FilterSubjects = append(c.FilterSubjects, feed.HeartbeatSubject)
		}
		ctx := context.Background()
		name = c.Name + c.Durable
		if request.Restart {
			_ = js.DeleteConsumer(ctx, feed.StreamName, name)
		}
		if _, err := js.Consumer(ctx, feed.StreamName, name); errors.Is(err, jetstream.ErrConsumerNotFound) {
			_, err = js.CreateConsumer(ctx, feed.StreamName, c)
			assert.NoError(t, err)
		}
		body, _ := json.Marshal(feed.OpenResponse{Consumer: name})
		_ = m.Respond(body)
	})
	require.NoError(t, err)
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
