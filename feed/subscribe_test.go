package feed_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/subscriber"
)

// limit is how long a test waits for what must happen.
const limit = 30 * time.Second

// seen is what handlers were called with.
type seen struct {
	t  testing.TB
	mu sync.Mutex
	// ids has each message's number of calls, versions how far each organization was handled.
	ids      map[string]int
	versions map[events.OrganizationID][2]uint64
	last     map[events.OrganizationID]string
	changed  chan struct{}
}

func newSeen(t testing.TB) *seen {
	t.Helper()
	return &seen{t: t, ids: map[string]int{}, versions: map[events.OrganizationID][2]uint64{}, last: map[events.OrganizationID]string{}, changed: make(chan struct{}, 1)}
}

// handle notes a message.
func (s *seen) handle(_ context.Context, m *feed.Message) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ids[m.ID]++
	s.last[m.Organization] = string(m.Type)
	place := [2]uint64{uint64(m.Version), uint64(m.Index)}
	before := s.versions[m.Organization]
	if s.ids[m.ID] == 1 {
		assert.True(s.t, before[0] < place[0] || before[0] == place[0] && before[1] < place[1] || before == [2]uint64{}, "%s came after %v", m.ID, before)
		s.versions[m.Organization] = place
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
	return nil
}

// until waits until a condition holds of what was seen.
func (s *seen) until(is func() bool) {
	s.t.Helper()
	waited := time.After(limit)
	for {
		s.mu.Lock()
		ok := is()
		s.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-s.changed:
		case <-waited:
			require.Fail(s.t, "it did not happen in time")
		}
	}
}

// version waits until an organization has been handled up to a version.
func (s *seen) version(org events.OrganizationID, v events.Version) {
	s.t.Helper()
	s.until(func() bool { return s.versions[org][0] >= uint64(v) && s.last[org] == string(feed.AccessGranted) })
}

// subscribe subscribes until the test ends, or until what it returns is called.
func (r *roster) subscribe(o feed.Options, h feed.Handler) (stop func() error) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	if o.Log == nil {
		o.Log = slog.New(slog.NewTextHandler(r.t.Output(), nil))
	}
	nc := r.Subscriber(o.Subscriber)
	go func() { ended <- feed.Subscribe(ctx, nc, o, h) }()
	stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	r.t.Cleanup(func() { assert.NoError(r.t, stop()) })
	return stop
}

func (r *roster) versionOf(org events.OrganizationID) events.Version {
	return r.State().Organization(org).Version()
}

func beginning() feed.Start { return feed.Start{Beginning: true} }

func TestSubscribe(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 3)
	r.project("acme", 0)
	for _, o := range []feed.Options{{Subscriber: "durable", Start: beginning()}, {Subscriber: "own", Ephemeral: true, Start: beginning()}} {
		s := newSeen(t)
		stop := r.subscribe(o, s.handle)
		s.version("acme", r.versionOf("acme"))
		r.project("acme", len(o.Subscriber))
		s.version("acme", r.versionOf("acme"))
		require.NoError(t, stop())
		for id, n := range s.ids {
			assert.Equal(t, 1, n, id)
		}
	}
}

// TestSlowOrganization has a handler that waits in one organization.
func TestSlowOrganization(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("slow", 3)
	r.create("quick", 3)
	s := newSeen(t)
	release := make(chan struct{})
	r.subscribe(feed.Options{Subscriber: "search", Start: beginning()}, func(ctx context.Context, m *feed.Message) error {
		if m.Organization == "slow" {
			<-release
		}
		return s.handle(ctx, m)
	})
	r.project("quick", 1)
	s.version("quick", r.versionOf("quick"))
	assert.Empty(t, s.versions["slow"])
	r.project("slow", 1)
	close(release)
	s.version("slow", r.versionOf("slow"))
}

// TestAnotherReaderGoesOn stops a subscriber in the middle of handlers, and starts another one.
func TestAnotherReaderGoesOn(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 3)
	for i := range 20 {
		r.project("acme", i)
	}
	one := newSeen(t)
	stop := r.subscribe(feed.Options{Subscriber: "search", Start: beginning(), Grace: time.Nanosecond}, func(ctx context.Context, m *feed.Message) error {
		if m.Version > 5 {
			<-ctx.Done()
			return errors.New("killed")
		}
		return one.handle(ctx, m)
	})
	one.until(func() bool { return one.versions["acme"][0] == 5 })
	require.NoError(t, stop())
	two := newSeen(t)
	r.subscribe(feed.Options{Subscriber: "search"}, two.handle)
	r.project("acme", 100)
	two.version("acme", r.versionOf("acme"))
	for id := range two.ids {
		assert.Equal(t, 1, two.ids[id], id)
	}
	assert.Contains(t, two.ids, "acme/6/0")
}

func TestTypeSwitch(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	r.project("acme", 1)
	r.Do("acme", domain.AddProjectMember{Project: "p1", Member: "u0", Role: "write"})
	r.Do("acme", domain.RemoveMember{Member: "u0"})
	got := make(chan string, 10)
	r.subscribe(feed.Options{Subscriber: "search", Start: beginning()}, func(_ context.Context, m *feed.Message) error {
		switch e := m.Event.(type) {
		case events.MemberRemoved:
			got <- "removed " + string(e.Member)
		case feed.AccessMessage:
			if e.To == nil {
				got <- "revoked " + string(e.User)
			}
		}
		return nil
	})
	assert.Equal(t, "removed u0", <-got)
	assert.Equal(t, "revoked u0", <-got)
}

// TestStreamIsMadeAgain empties the stream while subscribers read it, and publishes all of it again.
func TestStreamIsMadeAgain(t *testing.T) {
	t.Parallel()
	r := start(t)
	for _, org := range []events.OrganizationID{"a", "b"} {
		r.create(org, 3)
	}
	all := map[string]*seen{"durable": newSeen(t), "own": newSeen(t)}
	for name, s := range all {
		slow := func(ctx context.Context, m *feed.Message) error {
			time.Sleep(time.Millisecond) // so that messages wait while the stream is emptied
			return s.handle(ctx, m)
		}
		r.subscribe(feed.Options{Subscriber: name, Ephemeral: name == "own", Start: beginning()}, slow)
	}
	for i := range 200 {
		r.project("a", i)
		r.project("b", i)
		switch i {
		case 50, 150:
			r.RebuildFeed()
		case 100: // an administrator does it
			r.Stop()
			stream, err := r.js.Stream(t.Context(), feed.StreamName)
			require.NoError(t, err)
			require.NoError(t, stream.Purge(t.Context()))
			r.Server = r.StartAnother()
		}
	}
	for name, s := range all {
		for _, org := range []events.OrganizationID{"a", "b"} {
			s.version(org, r.versionOf(org))
		}
		for id, n := range s.ids {
			assert.Equal(t, 1, n, "%s: %s", name, id)
		}
		assert.Len(t, s.ids, 2*(5+3*200-200), name)
	}
}

// TestReaderCountsAnewWhileStreamIsMadeAgain makes the stream again, under higher sequences, while the server forgets which reader it
// gives messages to, as after its restart. To the reader that looks as if another one had come further. It is not called again with what it
// has handled.
func TestReaderCountsAnewWhileStreamIsMadeAgain(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("blocked", 1)
	r.create("free", 3)
	r.project("free", 0)
	s := newSeen(t)
	release := make(chan struct{})
	r.subscribe(feed.Options{Subscriber: "search", Start: beginning()}, func(ctx context.Context, m *feed.Message) error {
		if m.Organization == "blocked" {
			<-release
		}
		return s.handle(ctx, m)
	})
	s.version("free", r.versionOf("free")) // it is handled behind messages of the other one, which are not acknowledged
	stream, err := r.js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)
	r.RebuildFeed()
	require.Eventually(t, func() bool {
		info, err := stream.Consumer(t.Context(), "search")
		return err == nil && info.CachedInfo().Paused
	}, limit, time.Millisecond)
	close(release)
	require.Eventually(t, func() bool {
		_ = stream.UnpinConsumer(t.Context(), "search", "readers") // it fails while no reader has asked yet
		info, err := stream.Info(t.Context())
		return err == nil && info.Config.Metadata["roster-rebuild-to"] == ""
	}, limit, time.Millisecond)
	for _, org := range []events.OrganizationID{"blocked", "free"} {
		r.project(org, 1)
		s.version(org, r.versionOf(org))
	}
	for id, n := range s.ids {
		assert.Equal(t, 1, n, id)
	}
}

// TestConsumerIsDeleted deletes the consumer while a subscriber reads from it.
func TestConsumerIsDeleted(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 3)
	r.project("acme", 0)
	s := newSeen(t)
	r.subscribe(feed.Options{Subscriber: "search", Start: beginning()}, s.handle)
	s.version("acme", r.versionOf("acme"))
	require.NoError(t, r.js.DeleteConsumer(t.Context(), feed.StreamName, "search"))
	r.project("acme", 1)
	s.version("acme", r.versionOf("acme"))
	for id, n := range s.ids {
		assert.Equal(t, 1, n, id)
	}
}

// TestGap has a stream that lacks what a subscriber needs.
func TestGap(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	r.project("acme", 0)
	nc := r.Subscriber("own")
	s := newSeen(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	blocked, release := make(chan struct{}, 1), make(chan struct{})
	go func() {
		ended <- feed.Subscribe(ctx, nc, feed.Options{Subscriber: "own", Ephemeral: true, Start: beginning()}, func(ctx context.Context, m *feed.Message) error {
			if m.Version == 3 {
				select {
				case blocked <- struct{}{}:
				default:
				}
				<-release
			}
			return s.handle(ctx, m)
		})
	}()
	<-blocked
	for i := range 1000 {
		r.project("acme", i+1)
	}
	stream, err := r.js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)
	info, err := stream.Info(t.Context())
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSequence(info.State.LastSeq-10)))
	close(release)
	r.project("acme", 2000)
	problem, is := errors.AsType[*feed.Problem](<-ended)
	require.True(t, is)
	assert.Equal(t, feed.SnapshotNeeded, problem.Code)
}

// TestDeadLetters has a handler that fails for a message, and later does not.
func TestDeadLetters(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	s := newSeen(t)
	var broken atomic.Bool
	broken.Store(true)
	retried := make(chan *feed.Message, 1)
	handler := func(ctx context.Context, m *feed.Message) error {
		switch {
		case m.ID != "acme/2/0":
			return s.handle(ctx, m)
		case broken.Load():
			return errors.New("100% broken")
		}
		retried <- m
		return nil
	}
	stop := r.subscribe(feed.Options{Subscriber: "search", Start: beginning(), Tries: 3, Pause: time.Millisecond}, handler)
	r.project("acme", 1)
	s.version("acme", r.versionOf("acme"))
	letters, err := r.registry.DeadLetters(t.Context(), "search", 0, 10)
	require.NoError(t, err)
	require.Len(t, letters, 1)
	assert.False(t, letters[0].At.IsZero())
	letters[0].At = time.Time{}
	assert.Equal(t, subscriber.DeadLetter{Sequence: 1, Organization: "acme", ID: "acme/2/0", Type: "membership.joined.v1", Tries: 3, Error: "100% broken"}, letters[0])

	// It is broken still.
	n, err := r.registry.RetryDeadLetters(t.Context(), "search")
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	require.Eventually(t, func() bool {
		letters, err = r.registry.DeadLetters(t.Context(), "search", 0, 10)
		return assert.NoError(t, err) && len(letters) == 1 && letters[0].Sequence > 2
	}, limit, 10*time.Millisecond)
	assert.False(t, letters[0].Retrying)

	// The next process can handle it.
	require.NoError(t, stop())
	broken.Store(false)
	n, err = r.registry.RetryDeadLetters(t.Context(), "search", letters[0].Sequence, 1)
	require.NoError(t, err)
	assert.Equal(t, 1, n, "one of them is gone")
	r.subscribe(feed.Options{Subscriber: "search"}, handler)
	m := <-retried
	assert.True(t, m.Retried)
	assert.Equal(t, events.MemberJoined{Member: "u0", Role: "member"}, m.Event)
	require.Eventually(t, func() bool {
		letters, err = r.registry.DeadLetters(t.Context(), "search", 0, 10)
		return assert.NoError(t, err) && len(letters) == 0
	}, limit, 10*time.Millisecond)
}

// TestRetriedInVainWithoutRoom has a dead letter tried again in vain, when there is no room for another one. It waits again, and the
// organization goes on.
func TestRetriedInVainWithoutRoom(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	s := newSeen(t)
	r.subscribe(feed.Options{Subscriber: "search", Start: beginning(), Tries: 1, Pause: time.Millisecond}, func(ctx context.Context, m *feed.Message) error {
		if m.ID == "acme/2/0" {
			return errors.New("broken")
		}
		return s.handle(ctx, m)
	})
	r.project("acme", 1)
	s.version("acme", r.versionOf("acme"))
	stream, err := r.js.Stream(t.Context(), "DEAD_LETTERS_search")
	require.NoError(t, err)
	letter, err := stream.GetMsg(t.Context(), 1)
	require.NoError(t, err)
	letter.Header.Del(nats.MsgIdHdr)
	for range 999 {
		require.NoError(t, r.registry.KeepDeadLetter(t.Context(), "search", letter.Header, letter.Data))
	}
	n, err := r.registry.RetryDeadLetters(t.Context(), "search", 1, 2, 3)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.Eventually(t, func() bool {
		all, err := r.registry.DeadLetters(t.Context(), "search", 1000, 10)
		return assert.NoError(t, err) && len(all) == 3 && !all[0].Retrying && !all[1].Retrying && !all[2].Retrying
	}, limit, 10*time.Millisecond)
	r.project("acme", 2)
	s.version("acme", r.versionOf("acme"))
}

// TestUnreadableDeadLetter has a dead letter whose body is not that of its type. Its error is cut inside a character.
func TestUnreadableDeadLetter(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	seen := make(chan *feed.Message, 10)
	calls := 0
	r.subscribe(feed.Options{Subscriber: "search", Start: beginning(), Tries: 2, Pause: time.Millisecond}, func(_ context.Context, m *feed.Message) error {
		if m.ID == "acme/2/0" && !m.Retried {
			return errors.New(strings.Repeat("x", 1999) + "ü")
		}
		if m.Retried {
			if calls++; calls == 1 {
				return feed.Temporary(errors.New("the database is down"))
			}
			seen <- m
		}
		return nil
	})
	letters := func() []subscriber.DeadLetter {
		all, err := r.registry.DeadLetters(t.Context(), "search", 0, 10)
		assert.NoError(t, err)
		return all
	}
	require.Eventually(t, func() bool { return len(letters()) == 1 }, limit, 10*time.Millisecond)
	assert.Equal(t, strings.Repeat("x", 1999), letters()[0].Error)
	stream, err := r.js.Stream(t.Context(), "DEAD_LETTERS_search")
	require.NoError(t, err)
	letter, err := stream.GetMsg(t.Context(), letters()[0].Sequence)
	require.NoError(t, err)
	letter.Header.Del(nats.MsgIdHdr)
	require.NoError(t, stream.DeleteMsg(t.Context(), letter.Sequence))
	_, err = r.js.PublishMsg(t.Context(), &nats.Msg{Subject: "roster.dead_letters.search.retrying.acme", Header: letter.Header, Data: []byte(`{"member":5}`)})
	require.NoError(t, err)
	m := <-seen
	require.Error(t, m.Unreadable)
	assert.True(t, m.LastTry)
	assert.Nil(t, m.Event)
	require.Eventually(t, func() bool {
		all := letters()
		return len(all) == 1 && !all[0].Retrying
	}, limit, 10*time.Millisecond)
	assert.Contains(t, letters()[0].Error, "member")
	assert.Equal(t, 2, letters()[0].Tries)
	assert.Empty(t, seen)
}

// TestUnstoredDeadLetter has no room for a dead letter at first. Each try from then on is the last one, unless it says otherwise.
func TestUnstoredDeadLetter(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	nc := r.Subscriber("search")
	_, err := r.js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "OTHER", Subjects: []string{"roster.dead_letters.search.>"}})
	require.NoError(t, err)
	last := make(chan bool, 100)
	n := 0
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- feed.Subscribe(ctx, nc, feed.Options{Subscriber: "search", Start: beginning(), Tries: 2, Pause: time.Millisecond}, func(_ context.Context, m *feed.Message) error {
			if m.ID != "acme/1/0" {
				return nil
			}
			last <- m.LastTry
			if n++; n == 3 {
				return feed.Temporary(errors.New("the database is down"))
			}
			if n == 5 {
				return nil
			}
			return errors.New("broken")
		})
	}()
	for _, want := range []bool{false, true, true, true, true} {
		assert.Equal(t, want, <-last)
	}
	stop()
	require.NoError(t, <-ended)
}

// TestDatabaseIsDown has a handler that fails more often than it may, for a reason that is not the message's.
func TestDatabaseIsDown(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	s := newSeen(t)
	var calls atomic.Int64
	r.subscribe(feed.Options{Subscriber: "search", Start: beginning(), Tries: 1, Pause: time.Millisecond}, func(ctx context.Context, m *feed.Message) error {
		if calls.Add(1) < 5 {
			return feed.Temporary(errors.New("connection refused"))
		}
		return s.handle(ctx, m)
	})
	r.project("acme", 1)
	s.version("acme", r.versionOf("acme"))
	letters, err := r.registry.DeadLetters(t.Context(), "search", 0, 10)
	require.NoError(t, err)
	assert.Empty(t, letters)
}

// TestEphemeralFails has no place for dead letters.
func TestEphemeralFails(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	nc := r.Subscriber("search")
	err := feed.Subscribe(t.Context(), nc, feed.Options{Subscriber: "search", Ephemeral: true, Start: beginning(), Tries: 2, Pause: time.Millisecond},
		func(context.Context, *feed.Message) error { panic("at the disco") })
	require.ErrorContains(t, err, "handle message acme/1/0: the handler panicked: at the disco")
}

// TestKilled kills a subscriber at random points, without the acknowledgement of what it has handled, and starts it again.
func TestKilled(t *testing.T) {
	t.Parallel()
	r := start(t)
	chance := rand.New(rand.NewPCG(1, 2))
	orgs := []events.OrganizationID{"a", "b", "c"}
	for _, org := range orgs {
		r.create(org, 3)
	}
	s := newSeen(t)
	o := feed.Options{Subscriber: "search", Start: beginning(), Grace: time.Nanosecond}
	for i := range 12 {
		for range 10 {
			r.project(orgs[chance.IntN(len(orgs))], chance.IntN(1<<30))
		}
		if i == 5 {
			r.RebuildFeed()
		}
		var left atomic.Int64
		left.Store(chance.Int64N(40))
		killed := make(chan struct{})
		stop := r.subscribe(o, func(ctx context.Context, m *feed.Message) error {
			switch n := left.Add(-1); {
			case n < 0:
				<-ctx.Done()
				return ctx.Err()
			case n == 0:
				defer close(killed)
				_ = s.handle(ctx, m)
				return errors.New("killed before the acknowledgement")
			}
			return s.handle(ctx, m)
		})
		select {
		case <-killed:
		case <-time.After(500 * time.Millisecond): // it has handled all that there is
		}
		require.NoError(t, stop())
	}
	for _, org := range orgs {
		r.project(org, 1)
	}
	stop := r.subscribe(o, s.handle)
	total := 0
	for _, org := range orgs {
		s.version(org, r.versionOf(org))
		total += int(r.versionOf(org))
	}
	require.NoError(t, stop())
	all := map[string]bool{}
	assertAll(t, r, all)
	for id := range all {
		assert.Positive(t, s.ids[id], id)
	}
	assert.Greater(t, len(all), total)
}

// assertAll reads the whole stream with a subscriber of its own.
func assertAll(t *testing.T, r *roster, all map[string]bool) {
	t.Helper()
	s := newSeen(t)
	stop := r.subscribe(feed.Options{Subscriber: "all", Ephemeral: true, Start: beginning()}, s.handle)
	for _, org := range []events.OrganizationID{"a", "b", "c"} {
		s.version(org, r.versionOf(org))
	}
	require.NoError(t, stop())
	for id := range s.ids {
		all[id] = true
	}
}

// TestLag reports how far behind a subscriber is.
func TestLag(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	release, lags := make(chan struct{}), make(chan feed.Lag, 100)
	r.subscribe(feed.Options{Subscriber: "search", Start: beginning(), Report: func(l feed.Lag) {
		select {
		case lags <- l:
		default:
		}
	}}, func(context.Context, *feed.Message) error {
		<-release
		return nil
	})
	for l := range lags {
		if l.Messages >= 3 {
			break
		}
	}
	close(release)
	for l := range lags {
		if l.Messages == 0 && l.Position == r.Position() {
			assert.Less(t, l.Behind, limit)
			break
		}
	}
}

// TestEphemeralIsOvertaken has a handler that is so slow that the stream drops messages before they are read, the last ones of the
// organization among them.
func TestEphemeralIsOvertaken(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.create("acme", 1)
	nc := r.Subscriber("search")
	first, release, ended := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	var once sync.Once
	go func() {
		ended <- feed.Subscribe(t.Context(), nc, feed.Options{Subscriber: "search", Ephemeral: true, Start: beginning()}, func(context.Context, *feed.Message) error {
			once.Do(func() { close(first) })
			<-release
			return nil
		})
	}()
	<-first
	for i := range 4 {
		var members domain.Batch
		for n := range 1000 {
			members = append(members, domain.AddMember{Member: events.UserID(fmt.Sprintf("m%d_%d", i, n))})
		}
		r.Do("acme", members)
	}
	r.Messages("acme")
	stream, err := r.js.Stream(t.Context(), feed.StreamName)
	require.NoError(t, err)
	require.NoError(t, stream.Purge(t.Context(), jetstream.WithPurgeSubject(feed.SubjectPrefix+">")))
	close(release)
	problem, is := errors.AsType[*feed.Problem](<-ended)
	require.True(t, is)
	assert.Equal(t, feed.SnapshotNeeded, problem.Code)
	assert.Contains(t, problem.Detail, "roster export snapshot --org")
}

// TestConnectionIsClosed has the server refuse the key of a subscriber, which the client takes for the end.
func TestConnectionIsClosed(t *testing.T) {
	t.Parallel()
	for name, ephemeral := range map[string]bool{"durable": false, "ephemeral": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := start(t)
			r.create("acme", 1)
			nc := r.Subscriber("search")
			handled, ended := make(chan struct{}), make(chan error, 1)
			var once sync.Once
			go func() {
				ended <- feed.Subscribe(t.Context(), nc, feed.Options{Subscriber: "search", Ephemeral: ephemeral, Start: beginning()}, func(context.Context, *feed.Message) error {
					once.Do(func() { close(handled) })
					return nil
				})
			}()
			<-handled
			r.RevokeSubscriber("search")
			if err := <-ended; !errors.Is(err, feed.ErrConnectionClosed) { // Roster may say first that there is no such subscriber
				problem, is := errors.AsType[*feed.Problem](err)
				require.True(t, is, "%v", err)
				require.Equal(t, feed.Forbidden, problem.Code)
			}
			require.Eventually(t, nc.IsClosed, limit, time.Millisecond)
			err := feed.Subscribe(t.Context(), nc, feed.Options{Subscriber: "search", Ephemeral: ephemeral}, nil)
			require.ErrorContains(t, err, "nats.IgnoreAuthErrorAbort()")
			require.ErrorIs(t, err, feed.ErrConnectionClosed)
		})
	}
}

// TestCredentialsOfAnother subscribes under a name whose credentials the connection does not have. NATS drops what it asks for.
func TestCredentialsOfAnother(t *testing.T) {
	t.Parallel()
	r := start(t)
	nc := r.Subscriber("search")
	for _, ephemeral := range []bool{false, true} {
		err := feed.Subscribe(t.Context(), nc, feed.Options{Subscriber: "other", Ephemeral: ephemeral}, func(context.Context, *feed.Message) error { return nil })
		problem, is := errors.AsType[*feed.Problem](err)
		require.True(t, is, "%v", err)
		assert.Equal(t, feed.Forbidden, problem.Code)
		assert.Contains(t, problem.Detail, "another subscriber")
	}
}
