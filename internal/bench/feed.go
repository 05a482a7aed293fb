package bench

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/scheme"
)

// relayed has a relay publish what the desk records.
func (s *setup) relayed(ctx context.Context, h *ledgerFixture) (*relay.Relay, error) {
	r, err := relay.Open(ctx, h.conn, h.ledger, relay.Config{})
	if err != nil {
		return nil, err
	}
	s.run(ctx, func(ctx context.Context) error { return r.Run(ctx, h.desk.Follower()) })
	return r, caughtUp(ctx, r, h)
}

// caughtUp waits until everything that the desk has recorded is in the stream.
func caughtUp(ctx context.Context, r *relay.Relay, h *ledgerFixture) error {
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
	r, err := s.relayed(ctx, h)
	if err != nil {
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
	if err := caughtUp(ctx, r, h); err != nil { // what is measured is the assignment, not that the organization was filled
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
