package rostertest

import (
	"context"
	"io/fs"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/internal/subscriber"
	"github.com/seed-2026d078/roster/internal/sweeper"
	"github.com/seed-2026d078/roster/natsserver"
	"github.com/seed-2026d078/roster/scheme"
)

// Server is Roster in a test. Its methods may be called from many goroutines. Those that fail the test must be called from the
// goroutine of the test, as [testing.T.FailNow] must.
type Server struct {
	// Timeout is how long the methods wait that await something, at first 20 seconds. It is set before they are called.
	Timeout time.Duration

	t    testing.TB
	nats *natsserver.Server
	// own is the connection of the server's parts, conn that of the test.
	own, conn *nats.Conn
	schemes   scheme.Set
	clock     *movableClock
	desk      *sweeper.Desk
	feed      *relay.Relay
	registry  *subscriber.Registry
	keys      *sync.Map // the key pairs of subscribers, by name
	changed   sync.Map  // the organizations that were given commands
	stream    *streamReader
	stop      func()
}

// defaultTimeout is long, since machines that test are busy at times.
const defaultTimeout = 20 * time.Second

// Option configures [Start].
type Option func(*config)

type config struct {
	schemes []fs.FS
}

// Schemes adds the schemes of a folder, YAML files as `roster serve --schemes` reads them, to the built-in
// ones.
func Schemes(files fs.FS) Option {
	return func(c *config) { c.schemes = append(c.schemes, files) }
}

// Start starts Roster with an empty ledger. It ends with the test.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	var c config
	for _, option := range options {
		option(&c)
	}
	schemes, err := scheme.BuiltIn()
	require.NoError(t, err)
	for _, files := range c.schemes {
		schemes, err = schemes.With(files)
		require.NoError(t, err)
	}
	// Nothing is synced: it lasts as long as the test.
	server, err := natsserver.Start(natsserver.Config{Dir: t.TempDir(), Port: -1, Unsynced: true})
	require.NoError(t, err)
	t.Cleanup(server.Shutdown)
	s := &Server{t: t, nats: server, schemes: schemes, clock: newMovableClock(), keys: new(sync.Map), Timeout: defaultTimeout}
	s.start()
	return s
}

// StartAnother starts another server on the same ledger, with the same time: beside this one, as a second node does, or after
// it was stopped.
func (s *Server) StartAnother() *Server {
	s.t.Helper()
	other := &Server{t: s.t, nats: s.nats, schemes: s.schemes, clock: s.clock, keys: s.keys, Timeout: s.Timeout}
	other.start()
	return other
}

// start starts the parts of a server, until the test ends.
func (s *Server) start() {
	t := s.t
	t.Helper()
	s.own, s.conn = connect(t, s.nats), connect(t, s.nats)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context())) // a subscriber may end after the context of the test
	log := s.log()
	ledger, err := bus.Open(ctx, s.own, bus.OpenConfig{Synced: true}) // as the test needs it
	require.NoError(t, err)
	s.feed, err = relay.Open(ctx, s.own, ledger, relay.Config{Log: log})
	require.NoError(t, err)
	after, err := s.feed.Checkpoint(ctx)
	require.NoError(t, err)
	follower := bus.NewFollower[domain.Roster](after)
	s.desk, err = bus.NewDesk[domain.Roster, domain.Command](ctx, ledger, domain.Roster{}, bus.DeskConfig{Clock: s.clock.start(), Log: log}, follower)
	require.NoError(t, err)
	s.registry, err = subscriber.Open(ctx, s.own, 1)
	require.NoError(t, err)
	answers, err := subscriber.NewService(ctx, s.own, subscriber.Config{
		Registry: s.registry, Ledger: ledger, View: s.desk.View, Entries: subscriber.LedgerEntries(ledger), Log: log,
	})
	require.NoError(t, err)
	s.stream = &streamReader{conn: s.own}

	var parts sync.WaitGroup
	run := func(name string, part func() error) { parts.Go(func() { assert.NoError(t, part(), "%s ended", name) }) }
	run("the desk", func() error { return s.desk.Run(ctx) })
	run("the feed", func() error { return s.feed.Run(ctx, follower) })
	run("the answers to subscribers", func() error { return answers.Run(ctx) })
	run("the sweeper", func() error { return sweeper.Run(ctx, s.desk, log) })
	s.stop = sync.OnceFunc(func() {
		cancel()
		parts.Wait()
	})
	t.Cleanup(s.stop)
}

// connect connects within the process until the test ends.
func connect(t testing.TB, server *natsserver.Server) *nats.Conn {
	t.Helper()
	conn, err := server.Connect()
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	return conn
}

// log returns a log in the output of the test, for what goes wrong.
func (s *Server) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(s.t.Output(), &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// Conn returns a connection to the NATS server, until the test ends. It is of Roster's own account, and may do everything: what is tested
// best has that of [Server.Subscriber].
func (s *Server) Conn() *nats.Conn { return s.conn }

// URL returns the address of the NATS server, which listens on the loopback interface.
func (s *Server) URL() string { return s.nats.URL() }

// State returns what Roster knows: the result of every command that has returned.
func (s *Server) State() domain.Roster { return s.desk.View().State }

// Position returns that of the last command that has changed anything.
func (s *Server) Position() events.Position { return s.desk.View().Position }

// RebuildFeed begins to empty the stream and to publish everything again, as `roster feed rebuild` does.
func (s *Server) RebuildFeed() {
	s.t.Helper()
	_, err := s.feed.Rebuild(s.t.Context())
	require.NoError(s.t, err)
}

// Stop ends the server, but not NATS. Others on the same ledger go on.
func (s *Server) Stop() { s.stop() }
