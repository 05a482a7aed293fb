package replica_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
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
	"github.com/seed-2026d078/roster/replica"
	"github.com/seed-2026d078/roster/scheme"
)

// server is Roster, as far as a replica sees it.
type server struct {
	t      testing.TB
	nc     *nats.Conn
	ledger *bus.Ledger
	desk   *bus.Desk[domain.Roster, domain.Command]
	end    func()
	// endRelay ends the relay; nil if none runs.
	endRelay func()

	opened  atomic.Int64
	problem atomic.Pointer[feed.Problem] // of the next request to open
	// mayRead are the organizations of subscribers that may not read all.
	mayRead map[string][]events.OrganizationID
	// filter is that of consumers instead of one that fits; empty for none.
	filter string
	// newer puts an event into histories that no program knows.
	newer bool
}

func newServer(t testing.TB) *server {
	t.Helper()
	return newServerOn(t, bustest.New(t))
}

func newServerOn(t testing.TB, nc *nats.Conn) *server {
	t.Helper()
	s := &server{t: t, nc: nc, mayRead: map[string][]events.OrganizationID{}}
	s.ledger = bustest.Open(t, s.nc)
	s.start()
	t.Cleanup(func() { s.stop() })
	return s
}

// start starts the desk and the relay.
func (s *server) start() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // it ends after the test's own context
	var err error
	s.desk, err = bus.NewDesk[domain.Roster, domain.Command](ctx, s.ledger, domain.Roster{}, bus.DeskConfig{})
	require.NoError(s.t, err)
	ended := make(chan error, 1)
	go func() { ended <- s.desk.Run(ctx) }()
	answers, err := s.nc.Subscribe(feed.SubscriberPrefix+"*.*", s.answer)
	require.NoError(s.t, err)
	s.startRelay()
	s.end = func() {
		if s.endRelay != nil {
			s.stopRelay()
		}
		_ = answers.Unsubscribe()
		cancel()
		assert.NoError(s.t, <-ended)
	}
}

func (s *server) stop() { s.end() }

func (s *server) startRelay() {
	s.t.Helper()
	ctx, cancel := context.WithCancel(context.Background()) //nolint:usetesting // it ends after the test's own context
	r, err := relay.Open(ctx, s.nc, s.ledger, relay.Config{Log: slog.New(slog.NewTextHandler(s.t.Output(), nil))})
	require.NoError(s.t, err)
	follower, _ := s.desk.LiveFollower()
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

var redacted = events.Without(reflect.TypeFor[events.ClearText](), reflect.TypeFor[events.Hash](), reflect.TypeFor[events.Nonce]())

// answer answers subscribers.
func (s *server) answer(m *nats.Msg) {
	name, what, _ := strings.Cut(strings.TrimPrefix(m.Subject, feed.SubscriberPrefix), ".")
	var response any
	switch what {
	case feed.Organizations:
		var orgs []events.OrganizationID
		view := s.desk.View()
		for org := range view.State.Organizations() {
			if allowed, some := s.mayRead[name]; !some || slices.Contains(allowed, org) {
				orgs = append(orgs, org)
			}
		}
		slices.Sort(orgs)
		response = feed.OrganizationsResponse{Organizations: orgs, Position: view.Position}
	case feed.History:
		var request feed.HistoryRequest
		require.NoError(s.t, json.Unmarshal(m.Data, &request))
		response = s.history(request)
	case feed.Open:
		var request feed.OpenRequest
		require.NoError(s.t, json.Unmarshal(m.Data, &request))
		response = s.openConsumer(name, request)
	default:
		return
	}
	body, err := json.Marshal(response)
	require.NoError(s.t, err)
	_ = m.Respond(body)
}

// history answers with two entries at a time.
func (s *server) history(request feed.HistoryRequest) (page feed.HistoryResponse) {
	page.Position = s.desk.View().Position
	err := s.ledger.Read(context.Background(), events.Checkpoint{}, page.Position, func(commits []events.Commit) error {
		for _, c := range commits {
			for _, e := range c.Entries {
				if e.Organization != request.Organization || e.Version <= request.After {
					continue
				}
				if len(page.Entries) == 2 {
					page.More = true
					continue
				}
				entry := feed.HistoryEntry{Position: c.Position, Version: e.Version, At: e.At, Recorded: c.At, Actor: e.Actor, Cause: e.Cause}
				for _, event := range e.Events {
					payload, err := json.Marshal(redacted.Payload(event))
					if err != nil {
						return err
					}
					entry.Events = append(entry.Events, feed.HistoryEvent{Type: event.Type(), Data: payload})
				}
				if s.newer {
					entry.Events[0].Type = "project.painted.v1"
				}
				page.Entries = append(page.Entries, entry)
			}
		}
		return nil
	})
	if err != nil {
		return feed.HistoryResponse{Problem: &feed.Problem{Code: feed.Unavailable, Detail: err.Error()}}
	}
	return page
}

func (s *server) openConsumer(name string, request feed.OpenRequest) feed.OpenResponse {
	if problem := s.problem.Swap(nil); problem != nil {
		return feed.OpenResponse{Problem: problem}
	}
	js, err := jetstream.New(s.nc)
	require.NoError(s.t, err)
	filter := []string{feed.HeartbeatSubject}
	orgs := request.Organizations
	if len(orgs) == 0 {
		orgs = s.mayRead[name]
	}
	for _, org := range orgs {
		filter = append(filter, feed.Subject(org, ">"))
	}
	switch {
	case s.filter != "":
		filter = append(filter, s.filter)
	case len(orgs) == 0:
		filter = append(filter, feed.SubjectPrefix+">")
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	consumer, err := js.CreateConsumer(ctx, feed.StreamName, jetstream.ConsumerConfig{
		Name: fmt.Sprintf("%s-%d", name, s.opened.Add(1)), FilterSubjects: filter, AckPolicy: jetstream.AckNonePolicy, MemoryStorage: true, InactiveThreshold: 10 * time.Second,
	})
	if err != nil {
		return feed.OpenResponse{Problem: &feed.Problem{Code: feed.Unavailable, Detail: err.Error()}}
	}
	return feed.OpenResponse{Consumer: consumer.CachedInfo().Name}
}

func portOf(t testing.TB, address string) int {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	port, err := strconv.Atoi(u.Port())
	require.NoError(t, err)
	return port
}
