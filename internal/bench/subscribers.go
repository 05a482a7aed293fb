package bench

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

const (
	// headPace is the number of commands a second whose messages a subscriber at the end of the stream waits for.
	headPace = 100
	// slowBurst is how many messages a slow subscriber has not read when the measurement begins.
	slowBurst = 2000
)

// subscribers measures the time from a command's answer until a subscriber at the end of the stream has its message:
// alone, while another one reads a long history from its beginning, and while another one hardly reads. The server is a
// process of its own; the subscribers, on the same machine, take processor time as well.
func subscribers(ctx context.Context, s *setup) ([]Row, error) {
	data := filepath.Join(s.dir, "data")
	large := organization{id: "large", people: max(s.People*2/3, 10), largeTeam: 10}
	last, _, err := large.recordIn(ctx, data)
	if err != nil {
		return nil, err
	}
	server, err := s.serve(ctx, data, "--nats-listen", "127.0.0.1:0", "--feed-max-bytes", "0")
	if err != nil {
		return nil, err
	}
	if err := server.succeed(ctx, http.MethodPost, "/v1/organizations", `{"id": "acme", "owner": "ada"}`); err != nil {
		return nil, err
	}
	messages, err := server.published(ctx, last)
	if err != nil {
		return nil, err
	}
	head := &headOfStream{server: server, came: map[events.UserID]time.Time{}}
	if err := s.read(ctx, server, "head", "acme", head.take); err != nil {
		return nil, err
	}
	alone, err := head.during(ctx, wait(s.Time))
	if err != nil {
		return nil, err
	}
	rows := []Row{
		figure("answered to delivered, p50", alone.p50, "ms"),
		figure("answered to delivered, p99", alone.p99, "ms"),
	}
	besides := func(what string, beside load) []Row {
		what = "answered to delivered beside " + what
		return []Row{
			figure(what+", p50", beside.p50, "ms").against("alone", alone.p50).atMost(2),
			figure(what+", p99", beside.p99, "ms").against("alone", alone.p99).within(max(2*alone.p99, alone.p99+5)),
		}
	}

	var took time.Duration
	beside, err := head.during(ctx, func(ctx context.Context) error {
		behind := reader{end: last, ended: make(chan struct{})}
		began := time.Now()
		if err := s.read(ctx, server, "behind", "large", behind.take); err != nil {
			return err
		}
		defer func() { took = time.Since(began) }()
		return behind.wait(ctx)
	})
	if err != nil {
		return nil, err
	}
	rows = append(rows, figure(grouped(messages)+" messages from the beginning", float64(messages)/took.Seconds(), "/s"))
	rows = append(rows, besides("one who reads them", beside)...)

	slow := func(ctx context.Context, _ *feed.Message) error {
		<-ctx.Done()
		return ctx.Err()
	}
	if err := s.read(ctx, server, "slow", "acme", slow); err != nil {
		return nil, err
	}
	if err := head.burst(ctx, slowBurst); err != nil {
		return nil, err
	}
	if beside, err = head.during(ctx, wait(s.Time)); err != nil {
		return nil, err
	}
	return append(rows, besides("one who is slow", beside)...), nil
}

// wait returns something that takes so long.
func wait(length time.Duration) func(context.Context) error {
	return func(ctx context.Context) error {
		select {
		case <-time.After(length):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// published returns when everything up to a position is in the stream, and how many messages that has.
func (p *process) published(ctx context.Context, position events.Position) (messages int, err error) {
	for {
		answer, err := p.do(ctx, http.MethodGet, "/v1/feed", nil, nil)
		if err != nil {
			return 0, err
		}
		var status struct {
			Position events.Position `json:"position"`
			Messages int             `json:"messages"`
		}
		if err := json.Unmarshal(answer.text, &status); err != nil {
			return 0, err
		}
		if status.Position >= position {
			return status.Messages, nil
		}
		if err := wait(100 * time.Millisecond)(ctx); err != nil {
			return 0, err
		}
	}
}

// read makes a subscriber that reads an organization from its beginning, until the measurement ends.
func (s *setup) read(ctx context.Context, server *process, name string, org events.OrganizationID, handle feed.Handler) error {
	answer, err := server.do(ctx, http.MethodPost, "/v1/subscribers", fmt.Appendf(nil, `{"name": %q, "organizations": [%q]}`, name, org), nil)
	if err != nil {
		return err
	}
	var access struct {
		Credentials string `json:"credentials"`
		NATS        string `json:"nats"`
	}
	if answer.status != http.StatusCreated || json.Unmarshal(answer.text, &access) != nil {
		return fmt.Errorf("a subscriber: %d: %s", answer.status, answer.text)
	}
	nc, err := nats.Connect(access.NATS, nats.UserCredentialBytes([]byte(access.Credentials)), nats.MaxReconnects(-1))
	if err != nil {
		return err
	}
	s.cleanup(nc.Close)
	options := feed.Options{Subscriber: name, Start: feed.Start{Beginning: true}, Grace: time.Millisecond}
	s.run(context.WithoutCancel(ctx), func(ctx context.Context) error { return feed.Subscribe(ctx, nc, options, handle) })
	return nil
}

// reader notices when it has read up to a position.
type reader struct {
	end   events.Position
	ended chan struct{}
}

func (r *reader) take(_ context.Context, m *feed.Message) error {
	if m.Position >= r.end && m.Last() {
		close(r.ended)
	}
	return nil
}

func (r *reader) wait(ctx context.Context) error {
	select {
	case <-r.ended:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// headOfStream adds people, and notes when a subscriber hears of each.
type headOfStream struct {
	server *process
	added  atomic.Int64

	mu   sync.Mutex
	came map[events.UserID]time.Time
}

func (h *headOfStream) take(_ context.Context, m *feed.Message) error {
	if joined, is := m.Event.(events.MemberJoined); is {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.came[joined.Member] = time.Now()
	}
	return nil
}

// add adds somebody, and returns when that was answered.
func (h *headOfStream) add(ctx context.Context) (events.UserID, time.Time, error) {
	user := events.UserID(fmt.Sprintf("u%d", h.added.Add(1)))
	err := h.server.succeed(ctx, http.MethodPost, "/v1/organizations/acme/members", fmt.Sprintf(`{"user": %q}`, user))
	return user, time.Now(), err
}

// burst adds many at once, and returns when the subscriber has heard of all.
func (h *headOfStream) burst(ctx context.Context, many int) error {
	items := make([]bulkItem, many)
	for i := range items {
		items[i] = bulkItem{Type: "add_member", User: burstUser(i)}
	}
	for len(items) > 0 {
		n := min(len(items), 1000)
		body, err := json.Marshal(map[string]any{"commands": items[:n]})
		if err != nil {
			return err
		}
		if err := h.server.succeed(ctx, http.MethodPost, "/v1/organizations/acme/commands", string(body)); err != nil {
			return err
		}
		items = items[n:]
	}
	_, err := h.wait(ctx, burstUser(many-1))
	return err
}

func burstUser(i int) events.UserID { return events.UserID(fmt.Sprintf("burst%d", i)) }

// during adds people at a steady pace while something else is done, and returns how long after the answers the
// subscriber heard of them.
func (h *headOfStream) during(ctx context.Context, do func(context.Context) error) (load, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- do(ctx) }()
	answered := map[events.UserID]time.Time{}
	began := time.Now()
	beat := time.NewTicker(time.Second / headPace)
	defer beat.Stop()
	for working := true; working; {
		user, at, err := h.add(ctx)
		if err != nil {
			cancel()
			return load{}, errors.Join(err, <-done)
		}
		answered[user] = at
		select {
		case <-beat.C:
		case err := <-done:
			if err != nil {
				return load{}, err
			}
			working = false
		}
	}
	within := time.Since(began)
	took := make([]time.Duration, 0, len(answered))
	for user, at := range answered {
		came, err := h.wait(ctx, user)
		if err != nil {
			return load{}, err
		}
		took = append(took, max(came.Sub(at), 0))
	}
	return summary(took, within), nil
}

// wait returns when the subscriber heard of somebody.
func (h *headOfStream) wait(ctx context.Context, user events.UserID) (time.Time, error) {
	for {
		h.mu.Lock()
		came, has := h.came[user]
		h.mu.Unlock()
		if has {
			return came, nil
		}
		if err := wait(time.Millisecond)(ctx); err != nil {
			return came, err
		}
	}
}
