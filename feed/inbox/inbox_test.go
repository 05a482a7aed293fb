package inbox_test

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/feed/inbox"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/rostertest"
)

func TestMain(m *testing.M) { pgtest.Main(m, nil) }

// limit is how long a test waits for what must happen.
const limit = 30 * time.Second

// database returns the database of a subscriber, with a table of the messages that it has handled.
func database(t *testing.T) *pgxpool.Pool {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), pgtest.New(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	_, err = pool.Exec(t.Context(), "CREATE TABLE handled (n bigint GENERATED ALWAYS AS IDENTITY, organization text NOT NULL, message text NOT NULL)")
	require.NoError(t, err)
	return pool
}

// record is the handler that notes a message in the table.
func record(ctx context.Context, tx pgx.Tx, m *feed.Message) error {
	_, err := tx.Exec(ctx, "INSERT INTO handled (organization, message) VALUES ($1, $2)", string(m.Organization), m.ID)
	return err
}

// handled returns the messages of an organization in the table, in order.
func handled(t *testing.T, pool *pgxpool.Pool, org events.OrganizationID) []string {
	t.Helper()
	rows, err := pool.Query(t.Context(), "SELECT message FROM handled WHERE organization = $1 ORDER BY n", string(org))
	require.NoError(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	return all
}

// messages returns the ids of an organization's messages in the stream.
func messages(r *rostertest.Server, org events.OrganizationID) (ids []string) {
	for _, m := range r.Messages(org) {
		ids = append(ids, m.Header.Get(feed.ID))
	}
	return ids
}

// subscribe subscribes until what it returns is called.
func subscribe(t *testing.T, r *rostertest.Server, o feed.Options, h feed.Handler) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	o.Subscriber, o.Start, o.Log = "billing", feed.Start{Beginning: true}, slog.New(slog.NewTextHandler(t.Output(), nil))
	conn := r.Subscriber("billing")
	go func() { ended <- feed.Subscribe(ctx, conn, o, h) }()
	stop = sync.OnceFunc(func() {
		cancel()
		assert.NoError(t, <-ended)
	})
	t.Cleanup(stop)
	return stop
}

// deadLetters returns those of the subscriber.
func deadLetters(t *testing.T, r *rostertest.Server) (*subscriber.Registry, []subscriber.DeadLetter) {
	t.Helper()
	registry, err := subscriber.Open(t.Context(), r.Conn(), 1)
	require.NoError(t, err)
	all, err := registry.DeadLetters(t.Context(), "billing", 0, 100)
	require.NoError(t, err)
	return registry, all
}

// TestKilled kills a subscriber at random points: before a commit, and between a commit and the acknowledgement. Sometimes the next one
// reads everything from the beginning.
func TestKilled(t *testing.T) {
	t.Parallel()
	r := rostertest.Start(t)
	orgs := []events.OrganizationID{"acme", "studio"}
	for _, org := range orgs {
		r.Organization(org, "github", "ada", rostertest.Member("bob", "member"))
	}
	pool := database(t)
	box, err := inbox.Open(t.Context(), pool, "billing")
	require.NoError(t, err)
	chance := rand.New(rand.NewPCG(3, 4))
	for round := range 10 {
		for i := range 6 {
			r.Do(orgs[chance.IntN(2)], rostertest.Project(events.ProjectID("p"+strconv.Itoa(round*10+i))).With("bob", "write"))
		}
		o := feed.Options{Restart: round%3 == 2, Grace: time.Nanosecond}
		var left atomic.Int64
		left.Store(1 + chance.Int64N(20))
		before := chance.IntN(2) == 0
		killed := make(chan struct{})
		kill := func() error {
			if left.Add(-1) == 0 {
				close(killed)
			}
			if left.Load() <= 0 {
				return errors.New("killed")
			}
			return nil
		}
		handle := box.Handle(func(ctx context.Context, tx pgx.Tx, m *feed.Message) error {
			if err := record(ctx, tx, m); err != nil || !before {
				return err
			}
			return kill()
		})
		stop := subscribe(t, r, o, func(ctx context.Context, m *feed.Message) error {
			if err := handle(ctx, m); err != nil || before {
				return err
			}
			return kill()
		})
		select {
		case <-killed:
		case <-time.After(300 * time.Millisecond): // it has handled all that there is
		}
		stop()
	}
	subscribe(t, r, feed.Options{}, box.Handle(record))
	for _, org := range orgs {
		want := messages(r, org)
		require.Eventually(t, func() bool { return len(handled(t, pool, org)) >= len(want) }, limit, 10*time.Millisecond)
		assert.Equal(t, want, handled(t, pool, org))
	}
}

// TestDeadLetterIsHandledOnce has a message that becomes a dead letter and is tried again, though the stream is read again in
// between.
func TestDeadLetterIsHandledOnce(t *testing.T) {
	t.Parallel()
	r := rostertest.Start(t)
	r.Organization("acme", "github", "ada", rostertest.Member("bob", "member"), rostertest.Project("site").With("bob", "write"))
	pool := database(t)
	box, err := inbox.Open(t.Context(), pool, "billing")
	require.NoError(t, err)
	var broken atomic.Bool
	broken.Store(true)
	handle := box.Handle(func(ctx context.Context, tx pgx.Tx, m *feed.Message) error {
		if err := record(ctx, tx, m); err != nil {
			return err
		}
		if broken.Load() && m.Subject == "user/bob" && m.Type == "membership.joined.v1" {
			panic("at the disco")
		}
		if broken.Load() && m.Type == "membership.joined.v1" {
			_, err := tx.Exec(ctx, "SELECT 1/0")
			return err
		}
		return nil
	})
	o := feed.Options{Tries: 2, Pause: time.Millisecond}
	stop := subscribe(t, r, o, handle)
	want := messages(r, "acme")
	dead := want[1:3] // ada and bob
	require.Eventually(t, func() bool { return len(handled(t, pool, "acme")) == len(want)-len(dead) }, limit, 10*time.Millisecond)
	stop()
	assert.NotContains(t, handled(t, pool, "acme"), dead[0])

	broken.Store(false)
	o.Restart = true
	subscribe(t, r, o, handle)
	r.Do("acme", domain.RemoveMember{Member: "bob"})
	want = messages(r, "acme")
	require.Eventually(t, func() bool { return len(handled(t, pool, "acme")) >= len(want) }, limit, 10*time.Millisecond)
	registry, letters := deadLetters(t, r)
	assert.Len(t, letters, len(dead))
	_, err = registry.RetryDeadLetters(t.Context(), "billing")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		_, letters = deadLetters(t, r)
		return len(letters) == 0
	}, limit, 10*time.Millisecond)
	assert.ElementsMatch(t, want, handled(t, pool, "acme"))
}

// TestUnreadable has a message that cannot be read, until it is tried again by a newer program.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	pool := database(t)
	box, err := inbox.Open(t.Context(), pool, "billing")
	require.NoError(t, err)
	handle := box.Handle(record)
	broken := errors.New("no JSON")
	require.ErrorIs(t, handle(t.Context(), &feed.Message{ID: "acme/1/0", Organization: "acme", Version: 1, Unreadable: broken, LastTry: true}), broken)
	require.NoError(t, handle(t.Context(), &feed.Message{ID: "acme/2/0", Organization: "acme", Version: 2}))
	for range 2 {
		require.NoError(t, handle(t.Context(), &feed.Message{ID: "acme/1/0", Organization: "acme", Version: 1, Retried: true}))
	}
	assert.Equal(t, []string{"acme/2/0", "acme/1/0"}, handled(t, pool, "acme"))
}

// TestDatabaseIsCutOff ends the connections of the database in the middle of handlers.
func TestDatabaseIsCutOff(t *testing.T) {
	t.Parallel()
	r := rostertest.Start(t)
	r.Organization("acme", "github", "ada", rostertest.Member("bob", "member"), rostertest.Project("site").With("bob", "write"))
	pool := database(t)
	box, err := inbox.Open(t.Context(), pool, "billing")
	require.NoError(t, err)
	var calls atomic.Int64
	subscribe(t, r, feed.Options{Tries: 1, Pause: time.Millisecond}, box.Handle(func(ctx context.Context, tx pgx.Tx, m *feed.Message) error {
		if err := record(ctx, tx, m); err != nil {
			return err
		}
		if calls.Add(1)%2 == 1 {
			_, err := tx.Exec(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
			return err
		}
		return nil
	}))
	want := messages(r, "acme")
	require.Eventually(t, func() bool { return len(handled(t, pool, "acme")) >= len(want) }, limit, 10*time.Millisecond)
	assert.Equal(t, want, handled(t, pool, "acme"))
	_, letters := deadLetters(t, r)
	assert.Empty(t, letters)
}
