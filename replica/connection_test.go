package replica_test

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/clock/clocktest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/replica"
	"github.com/seed-2026d078/roster/rostertest"
)

// lines are those of a log.
type lines struct {
	mu  sync.Mutex
	all strings.Builder
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

// with returns the lines that have a text.
func (l *lines) with(text string) (found []string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for line := range strings.Lines(l.all.String()) {
		if strings.Contains(line, text) {
			found = append(found, line)
		}
	}
	return found
}

// openOn opens a replica on a connection, and returns what it logs.
func openOn(t *testing.T, nc *nats.Conn, options replica.Options) (*replica.Replica, *lines, error) {
	t.Helper()
	log := &lines{}
	options.Log = slog.New(slog.NewTextHandler(log, nil))
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := replica.Open(ctx, nc, options)
	if err == nil {
		t.Cleanup(r.Close)
	}
	return r, log, err
}

func TestCredentialsOfAnother(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada")
	nc := roster.Subscriber("search")
	for name, options := range map[string]replica.Options{
		"all organizations": {Subscriber: "other"},
		"some of them":      {Subscriber: "other", Organizations: []events.OrganizationID{"acme", "globex"}},
	} {
		_, _, err := openOn(t, nc, options)
		var problem *feed.Problem
		require.ErrorAs(t, err, &problem, name)
		assert.Equal(t, feed.Forbidden, problem.Code, name)
		assert.Contains(t, problem.Detail, "its credentials are those of another subscriber", name)
	}
	_, _, err := openOn(t, nc, replica.Options{Subscriber: "search"})
	require.NoError(t, err)
}

// TestConnectionIsClosed closes the connection of a replica, as the client does when the server refuses its key twice.
func TestConnectionIsClosed(t *testing.T) {
	t.Parallel()
	for name, row := range map[string]struct {
		end  func(*rostertest.Server, *nats.Conn)
		says string
	}{
		"by the client": {func(roster *rostertest.Server, _ *nats.Conn) { roster.RevokeSubscriber("search") }, "Authorization Violation"},
		"by its owner":  {func(_ *rostertest.Server, nc *nats.Conn) { nc.Close() }, "nats.MaxReconnects(-1)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			roster := rostertest.Start(t)
			roster.Organization("acme", "github", "ada", rostertest.Project("site"))
			nc := roster.Subscriber("search")
			var m clocktest.Machine
			r, log, err := openOn(t, nc, replica.Options{Subscriber: "search", Now: m.Time, Elapsed: m.Elapsed})
			require.NoError(t, err)
			open, _, err := openOn(t, nc, replica.Options{Subscriber: "search", FailOpen: true})
			require.NoError(t, err)
			row.end(roster, nc)

			for _, r := range []*replica.Replica{r, open} {
				err = r.Wait(t.Context(), roster.Position()+1000)
				require.ErrorIs(t, err, feed.ErrConnectionClosed)
				require.ErrorIs(t, err, nats.ErrConnectionClosed)
				require.ErrorContains(t, err, row.says)
				require.ErrorIs(t, r.WaitVersion(t.Context(), "acme", 1000), feed.ErrConnectionClosed)
				require.NoError(t, r.WaitVersion(t.Context(), "acme", 1), "what it has, it has")
			}
			m.Pass(10 * time.Second)
			allowed, err := r.Check("acme", "ada", "site", "code", "full")
			assert.False(t, allowed)
			var stale *replica.StaleError
			require.ErrorAs(t, err, &stale)
			require.ErrorIs(t, stale.Cause, feed.ErrConnectionClosed)
			allowed, err = open.Check("acme", "ada", "site", "code", "full")
			require.NoError(t, err)
			assert.True(t, allowed)

			_, _, err = openOn(t, nc, replica.Options{Subscriber: "search"})
			require.ErrorIs(t, err, feed.ErrConnectionClosed)
			r.Close()
			assert.Len(t, log.with("level=ERROR"), 1)
			require.ErrorIs(t, r.Wait(t.Context(), 1000), replica.ErrClosed)
		})
	}
}

// TestOpenSaysWhatItWaitedFor ends the context of Open while Roster does not answer.
func TestOpenSaysWhatItWaitedFor(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	nc := roster.Subscriber("search")
	roster.Stop()
	ctx, cancel := context.WithCancel(t.Context())
	log := &lines{}
	go func() {
		for len(log.with("cannot begin yet")) == 0 {
			time.Sleep(time.Millisecond)
		}
		cancel()
	}()
	_, err := replica.Open(ctx, nc, replica.Options{Subscriber: "search", Log: slog.New(slog.NewTextHandler(log, nil))})
	require.ErrorIs(t, err, context.Canceled)
	require.ErrorContains(t, err, "does Roster run, with the feed?")
}

// TestOrganizationsWereReplaced deletes the organizations of a subscriber, and creates others with their ids, which it may not read.
func TestOrganizationsWereReplaced(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Project("site"))
	roster.Organization("globex", "github", "ada")
	one, both := roster.Subscriber("one", "acme"), roster.Subscriber("both", "acme", "globex")
	var m clocktest.Machine
	running, log, err := openOn(t, one, replica.Options{Subscriber: "one", Now: m.Time, Elapsed: m.Elapsed})
	require.NoError(t, err)
	roster.Do("acme", domain.DeleteOrganization{})
	roster.Organization("acme", "github", "eve", rostertest.Project("site"))

	for name, row := range map[string]struct {
		nc      *nats.Conn
		options replica.Options
	}{
		"its only one":           {one, replica.Options{Subscriber: "one"}},
		"its only one, by name":  {one, replica.Options{Subscriber: "one", Organizations: []events.OrganizationID{"acme"}}},
		"one of two, by name":    {both, replica.Options{Subscriber: "both", Organizations: []events.OrganizationID{"acme"}}},
		"one of two, among both": {both, replica.Options{Subscriber: "both", Organizations: []events.OrganizationID{"acme", "globex"}}},
	} {
		_, _, err := openOn(t, row.nc, row.options)
		var problem *feed.Problem
		require.ErrorAs(t, err, &problem, name)
		assert.Equal(t, feed.Forbidden, problem.Code, name)
		assert.Contains(t, problem.Detail, "roster subscriber revoke "+row.options.Subscriber, name)
	}
	others, _, err := openOn(t, both, replica.Options{Subscriber: "both"})
	require.NoError(t, err, "the other one is there")
	_, err = others.Organization("acme")
	require.ErrorIs(t, err, replica.ErrNotReplicated)

	// Roster deletes the consumer of the one that runs when it looks at it.
	require.Eventually(t, func() bool { return len(log.with("roster subscriber revoke one")) > 0 }, time.Minute, 5*time.Millisecond)
	m.Pass(10 * time.Second)
	allowed, err := running.Check("acme", "ada", "site", "code", "full")
	assert.False(t, allowed)
	require.Error(t, err)
}

// TestRebuildIsNoFault makes the stream again while a replica reads it.
func TestRebuildIsNoFault(t *testing.T) {
	t.Parallel()
	roster := rostertest.Start(t)
	roster.Organization("acme", "github", "ada", rostertest.Project("site"))
	r, log, err := openOn(t, roster.Subscriber("search"), replica.Options{Subscriber: "search"})
	require.NoError(t, err)
	for i := range 4 {
		roster.Do("acme", domain.AddMember{Member: person(i)})
		require.NoError(t, r.Wait(t.Context(), roster.Position()))
		if i == 0 {
			roster.RebuildFeed()
		}
	}
	r.Close()
	assert.Len(t, log.with("nothing is lost"), 1)
	assert.Equal(t, log.with("level=INFO"), log.with(""))
}
