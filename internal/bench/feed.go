package bench

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/scheme"
)

// publishedOrganization is the organization whose history the relay publishes.
func publishedOrganization(people int) organization {
	return organization{id: "acme", people: max(people/20, 10), largeTeam: 10}
}

// relaySpeed measures how fast the relay derives and publishes the feed of a ledger, against
// publishing the same messages as they are.
func relaySpeed(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.withDesk(ctx, publishedOrganization(s.People))
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(h.conn, jetstream.WithPublishAsyncMaxPending(512))
	if err != nil {
		return nil, err
	}
	var settings jetstream.StreamConfig
	derived := func(ctx context.Context) (float64, error) {
		if err := js.DeleteStream(ctx, feed.StreamName); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return 0, err
		}
		r, err := relay.Open(ctx, h.conn, h.ledger, relay.Config{})
		if err != nil {
			return 0, err
		}
		running, stop := context.WithCancel(ctx)
		defer stop()
		ended := make(chan error, 1)
		began := time.Now()
		go func() { ended <- r.Run(running, h.desk.Follower()) }()
		for {
			status, err := r.Status(ctx)
			if err != nil {
				return 0, err
			}
			if status.Position >= h.desk.View().Position { // a heartbeat said so, up to a second after the last message
				stream, err := js.Stream(ctx, feed.StreamName)
				if err != nil {
					return 0, err
				}
				last, err := stream.GetLastMsgForSubject(ctx, feed.SubjectPrefix+">")
				if err != nil {
					return 0, err
				}
				took := last.Time.Sub(began)
				settings = stream.CachedInfo().Config
				stop()
				return float64(status.Messages) / took.Seconds(), <-ended
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	if _, err := derived(ctx); err != nil {
		return nil, err
	}
	messages, err := publishedMessages(ctx, js)
	if err != nil {
		return nil, err
	}
	floor := settings
	floor.Name, floor.Subjects = "FLOOR", []string{"floor"}
	raw := func(ctx context.Context) (float64, error) {
		if err := js.DeleteStream(ctx, "FLOOR"); err != nil && !errors.Is(err, jetstream.ErrStreamNotFound) {
			return 0, err
		}
		if _, err := js.CreateStream(ctx, floor); err != nil {
			return 0, err
		}
		began := time.Now()
		var last jetstream.PubAckFuture
		for _, m := range messages {
			if last, err = js.PublishMsgAsync(&nats.Msg{Subject: "floor", Header: m.Header, Data: m.Data}, jetstream.WithStallWait(time.Minute)); err != nil {
				return 0, err
			}
		}
		select {
		case <-last.Ok(): // the server takes them in order
		case err := <-last.Err():
			return 0, err
		}
		return float64(len(messages)) / time.Since(began).Seconds(), nil
	}
	d, err := interleave(ctx, derived, raw)
	if err != nil {
		return nil, err
	}
	return []Row{d.row(fmt.Sprintf("the relay, %s messages of a ledger", grouped(len(messages))), "raw publishes of the same", "/s", identity).atLeast(0.7)}, nil
}

// publishedMessages reads the feed.
func publishedMessages(ctx context.Context, js jetstream.JetStream) ([]*nats.Msg, error) {
	consumer, err := js.OrderedConsumer(ctx, feed.StreamName, jetstream.OrderedConsumerConfig{FilterSubjects: []string{feed.SubjectPrefix + ">"}})
	if err != nil {
		return nil, err
	}
	info, err := consumer.Info(ctx)
	if err != nil {
		return nil, err
	}
	messages, err := consumer.Messages()
	if err != nil {
		return nil, err
	}
	defer messages.Stop()
	all := make([]*nats.Msg, 0, info.NumPending)
	for range info.NumPending {
		m, err := messages.Next(jetstream.NextContext(ctx))
		if err != nil {
			return nil, err
		}
		header := m.Headers()
		for name := range header {
			if strings.HasPrefix(name, "Nats-") { // what its publisher expected of the server
				header.Del(name)
			}
		}
		all = append(all, &nats.Msg{Header: header, Data: m.Data()})
	}
	return all, nil
}

// relayed has a relay publish what the desk records.
func (s *setup) relayed(ctx context.Context, h *ledgerFixture) error {
	r, err := relay.Open(ctx, h.conn, h.ledger, relay.Config{})
	if err != nil {
		return err
	}
	s.run(ctx, func(ctx context.Context) error { return r.Run(ctx, h.desk.Follower()) })
	for {
		status, err := r.Status(ctx)
		if err != nil || status.Position >= h.desk.View().Position {
			return err
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// deliveries measures the time from a command's acknowledgement until a subscriber has its event: at a steady pace,
// and while the access of many changes in another organization.
func deliveries(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.withDesk(ctx, organization{id: "acme"})
	if err != nil {
		return nil, err
	}
	large := organization{id: "large", people: max(s.People/10, 10), largeTeam: max(s.People/10, 10), largeTeamEvery: 1 << 30}
	if err := s.relayed(ctx, h); err != nil {
		return nil, err
	}
	got, err := s.subscribe(ctx, h)
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var took []time.Duration
	join := func(ctx context.Context, n int64) error {
		receipt, err := h.desk.Do(ctx, addMemberRequest(n))
		if err != nil {
			return err
		}
		acknowledged := time.Now()
		delivered, err := got.wait(ctx, receipt.Version)
		if err != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		took = append(took, max(delivered.Sub(acknowledged), 0))
		return nil
	}
	given, err := steadily(ctx, s.Time, join)
	if err != nil {
		return nil, err
	}
	const what = "acknowledged to delivered"
	alone := summary(took, given)
	rows := []Row{
		figure("commands given meanwhile", alone.rate, "/s"),
		figure(what+", p50", alone.p50, "ms").atMost(2),
		figure(what+", p99", alone.p99, "ms").atMost(10),
	}

	if err := createLarge(ctx, h, large); err != nil {
		return nil, err
	}
	took = nil
	var n atomic.Int64
	n.Store(int64(s.Time.Seconds()*pace) + 1)
	assigning, stop := context.WithCancel(ctx)
	defer stop()
	assigned := make(chan error, 1)
	go func() { assigned <- assignAgain(assigning, h, large) }()
	_, err = runLoad(ctx, 1, s.Time, func(ctx context.Context) error { return join(ctx, n.Add(1)) })
	stop()
	if err = errors.Join(err, <-assigned); err != nil {
		return nil, err
	}
	mu.Lock()
	defer mu.Unlock()
	longest := time.Duration(0)
	for _, d := range took {
		longest = max(longest, d)
	}
	beside := summary(took, s.Time)
	while := fmt.Sprintf(", while a team of %s is assigned and taken away", grouped(large.people))
	return append(rows,
		figure(what+while+", p99", beside.p99, "ms"),
		figure(what+while+", longest", milliseconds(longest), "ms").atMost(100),
	), nil
}

// createLarge creates an organization with a large team and a project.
func createLarge(ctx context.Context, h *ledgerFixture, large organization) error {
	schemes, err := scheme.BuiltIn()
	if err != nil {
		return err
	}
	commands := []domain.Command{
		domain.CreateOrganization{Name: "Large", Scheme: schemes["github"], Owner: "owner"},
		domain.CreateTeam{Team: largeTeam, Name: "Large"},
		domain.CreateProject{Project: "p", Name: "P"},
	}
	for from := 0; from < large.people; from += domain.MaxItems / 2 {
		var batch domain.Batch
		for i := from; i < min(from+domain.MaxItems/2, large.people); i++ {
			batch = append(batch, domain.AddMember{Member: large.user(i)}, domain.AddTeamMember{Team: largeTeam, Member: large.user(i)})
		}
		commands = append(commands, batch)
	}
	for _, c := range commands {
		if err := h.do(ctx, bus.Request[domain.Command]{Organization: large.id, Command: c}); err != nil {
			return err
		}
	}
	return nil
}

// assignAgain assigns the large team to the project, and takes it away, until the context ends. It waits in between,
// so that the relay keeps up.
func assignAgain(ctx context.Context, h *ledgerFixture, large organization) error {
	for {
		for _, c := range []domain.Command{domain.AssignTeam{Team: largeTeam, Project: "p", Role: "write"}, domain.UnassignTeam{Team: largeTeam, Project: "p"}} {
			if err := h.do(context.WithoutCancel(ctx), bus.Request[domain.Command]{Organization: large.id, Command: c}); err != nil {
				return err
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return nil
			}
		}
	}
}

// deliveredEvents is what a subscriber has got of an organization.
type deliveredEvents struct {
	mu    sync.Mutex
	first map[events.Version]time.Time
	waits map[events.Version]chan struct{}
}

// subscribe reads the feed of the organization acme.
func (s *setup) subscribe(ctx context.Context, h *ledgerFixture) (*deliveredEvents, error) {
	js, err := jetstream.New(h.conn)
	if err != nil {
		return nil, err
	}
	consumer, err := js.OrderedConsumer(ctx, feed.StreamName, jetstream.OrderedConsumerConfig{
		FilterSubjects: []string{feed.SubjectPrefix + "acme.>"}, DeliverPolicy: jetstream.DeliverNewPolicy,
	})
	if err != nil {
		return nil, err
	}
	got := &deliveredEvents{first: map[events.Version]time.Time{}, waits: map[events.Version]chan struct{}{}}
	consuming, err := consumer.Consume(func(m jetstream.Msg) { got.take(m.Headers().Get(feed.Version)) })
	if err != nil {
		return nil, err
	}
	s.cleanup(consuming.Stop)
	return got, nil
}

func (d *deliveredEvents) take(version string) {
	now := time.Now()
	var v events.Version
	if _, err := fmt.Sscan(version, &v); err != nil {
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if _, again := d.first[v]; again {
		return
	}
	d.first[v] = now
	if waits := d.waits[v]; waits != nil {
		close(waits)
	}
}

// wait returns when the first message of a version was delivered.
func (d *deliveredEvents) wait(ctx context.Context, v events.Version) (time.Time, error) {
	d.mu.Lock()
	if at, is := d.first[v]; is {
		d.mu.Unlock()
		return at, nil
	}
	here := make(chan struct{})
	d.waits[v] = here
	d.mu.Unlock()
	select {
	case <-here:
	case <-ctx.Done():
		return time.Time{}, ctx.Err()
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.first[v], nil
}

// feedCost measures durable commands while the relay publishes them, against the same without it.
func feedCost(ctx context.Context, s *setup) ([]Row, error) {
	h, err := s.withDesk(ctx, organization{id: "acme"})
	if err != nil {
		return nil, err
	}
	var joined atomic.Int64
	join := func(ctx context.Context) error { return h.do(ctx, addMemberRequest(joined.Add(1))) }
	if err := join(ctx); err != nil {
		return nil, err
	}
	var rows []Row
	for _, callers := range []int{1, 64} {
		without := func(ctx context.Context) (load, error) { return runLoad(ctx, callers, s.Time/rounds, join) }
		with := func(ctx context.Context) (load, error) {
			r, err := relay.Open(ctx, h.conn, h.ledger, relay.Config{})
			if err != nil {
				return load{}, err
			}
			running, stop := context.WithCancel(ctx)
			defer stop()
			ended := make(chan error, 1)
			go func() { ended <- r.Run(running, h.desk.Follower()) }()
			for {
				status, err := r.Status(ctx)
				if err != nil {
					return load{}, err
				}
				if status.Position >= h.desk.View().Position {
					break
				}
				time.Sleep(10 * time.Millisecond)
			}
			measured, err := without(ctx)
			stop()
			return measured, errors.Join(err, <-ended)
		}
		d, err := interleave(ctx, with, without)
		if err != nil {
			return nil, err
		}
		what, bare := fmt.Sprintf("durable commands with the feed, %d at once", callers), "without it"
		rows = append(rows, d.row(what, bare, "/s", rate), d.row(what+", p99", bare, "ms", p99))
	}
	return rows, nil
}
