package bus_test

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/natsserver"
)

// fill appends commits and returns the end.
func fill(t testing.TB, l *bus.Ledger, at events.Checkpoint, commits int) events.Checkpoint {
	t.Helper()
	for range commits {
		var err error
		at, err = l.Append(t.Context(), at, one(events.Version(at.Position+1)))
		require.NoError(t, err)
	}
	return at
}

var errEnough = errors.New("enough")

// until follows up to a position and checks that nothing is missing.
func until(t testing.TB, l *bus.Ledger, after events.Checkpoint, last events.Position) {
	t.Helper()
	next := after.Position + 1
	err := l.Follow(t.Context(), after, func(commits []events.Commit) error {
		for _, c := range commits {
			assert.Equal(t, c.Position, next, "got %d", c.Position)
			next = c.Position + 1
		}
		if next > last {
			return errEnough
		}
		return nil
	})
	require.ErrorIs(t, err, errEnough)
}

func TestFollowReadsWhatIsThereAndWhatComes(t *testing.T) {
	t.Parallel()
	nc := bustest.New(t)
	l := bustest.Open(t, nc)
	at := fill(t, l, events.Checkpoint{}, 10)
	writing := make(chan struct{})
	go func() {
		defer close(writing)
		fill(t, l, at, 100)
	}()
	until(t, l, events.Checkpoint{}, 110)
	until(t, l, at, 110)
	<-writing
}

func TestFollowEndsWithItsContext(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	fill(t, l, events.Checkpoint{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	err := l.Follow(ctx, events.Checkpoint{}, func([]events.Commit) error {
		cancel()
		return nil
	})
	assert.ErrorIs(t, err, context.Canceled)
}

func TestFollowSurvivesLostConnections(t *testing.T) {
	t.Parallel()
	s := bustest.Server(t)
	p := bustest.NewProxy(t, s)
	through, direct := bustest.Open(t, p.Connect(t)), bustest.Open(t, bustest.Connect(t, s))
	writing := make(chan struct{})
	go func() {
		defer close(writing)
		var at events.Checkpoint
		for range 20 {
			at = fill(t, direct, at, 20)
			p.Cut()
		}
	}()
	until(t, through, events.Checkpoint{}, 400)
	<-writing
}

func TestFollowSurvivesMessagesLostOnTheWay(t *testing.T) {
	t.Parallel()
	s := bustest.Server(t)
	p := bustest.NewProxy(t, s)
	through, direct := bustest.Open(t, p.Connect(t)), bustest.Open(t, bustest.Connect(t, s))
	fill(t, direct, events.Checkpoint{}, 50)
	through.SetPullWait(500 * time.Millisecond)
	messages := 0
	p.Lose(func(payload []byte) bool {
		messages++
		return messages%17 == 0
	})
	until(t, through, events.Checkpoint{}, 50)
}

func TestFollowSurvivesARestartOfTheServer(t *testing.T) {
	t.Parallel()
	first := natsserver.Config{Dir: t.TempDir(), Port: -1, Token: "secret"}
	s := start(t, first)
	l := bustest.Open(t, dial(t, s, first.Token))
	at := fill(t, l, events.Checkpoint{}, 5)
	followed := make(chan struct{})
	reached := make(chan struct{})
	go func() {
		defer close(followed)
		err := l.Follow(t.Context(), events.Checkpoint{}, func(commits []events.Commit) error {
			switch last := commits[len(commits)-1].Position; {
			case last == 5:
				close(reached)
			case last >= 10:
				return errEnough
			}
			return nil
		})
		assert.ErrorIs(t, err, errEnough)
	}()
	<-reached
	s = restart(t, s, first)
	fill(t, bustest.Open(t, dial(t, s, first.Token)), at, 5)
	<-followed
}

func TestReadStopsWhereToldAndAtTheEnd(t *testing.T) {
	t.Parallel()
	l := bustest.Ledger(t)
	fill(t, l, events.Checkpoint{}, 10)
	for through, want := range map[events.Position]int{0: 10, 4: 4, 10: 10, 99: 10} {
		got := 0
		err := l.Read(t.Context(), events.Checkpoint{}, through, func(commits []events.Commit) error {
			got += len(commits)
			return nil
		})
		require.NoError(t, err, "through %d", through)
		assert.Equal(t, want, got, "through %d", through)
	}
}

// start starts a server that the test may stop.
func start(t testing.TB, cfg natsserver.Config) *natsserver.Server {
	t.Helper()
	s, err := natsserver.Start(cfg)
	require.NoError(t, err)
	t.Cleanup(s.Shutdown)
	return s
}

// restart starts the server anew where it was.
func restart(t testing.TB, s *natsserver.Server, cfg natsserver.Config) *natsserver.Server {
	t.Helper()
	cfg.Port = port(t, s)
	s.Shutdown()
	return start(t, cfg)
}

// port returns the port that the server listens on.
func port(t testing.TB, s *natsserver.Server) int {
	t.Helper()
	u, err := url.Parse(s.URL())
	require.NoError(t, err)
	n, err := strconv.Atoi(u.Port())
	require.NoError(t, err)
	return n
}

func dial(t testing.TB, s *natsserver.Server, token string) *nats.Conn {
	t.Helper()
	nc, err := nats.Connect(s.URL(), nats.Token(token), nats.MaxReconnects(-1), nats.ReconnectWait(20*time.Millisecond))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	return nc
}
