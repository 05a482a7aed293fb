// Package pgtest gives every test a database of its own.
package pgtest

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"os"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres"
)

// Migrate fills the database behind the connection string.
type Migrate func(ctx context.Context, url string) error

// server is the cluster that the tests of one process share. Tests have no
// common parent that could hand it to them, hence the variable.
var server struct {
	migrate Migrate
	inMain  bool
	start   func() (*shared, error)
	counter atomic.Int64 // names databases
}

type shared struct {
	dir     string
	cluster *postgres.Cluster
}

// Main runs the tests of a package. The first New starts the cluster; when the
// tests are over, Main stops it and leaves nothing behind. The temporary directories of
// the tests are in memory where it has room, unless TMPDIR says where they are. Call it as
//
//	func TestMain(m *testing.M) { pgtest.Main(m, migrations.Up) }
//
// migrate runs once, and every database is a copy of the result; nil leaves
// the databases empty.
func Main(m *testing.M, migrate Migrate) {
	// Each test starts servers of its own, which are garbage soon after: collecting it less
	// often takes a fifth off the run.
	debug.SetGCPercent(400)
	// They wait for servers and for time to pass more than for processors. A flag on the command line wins.
	if err := flag.Set("test.parallel", strconv.Itoa(max(5, runtime.GOMAXPROCS(0)))); err != nil {
		fail(err)
	}
	temp, err := useMemory()
	if err != nil {
		fail(err)
	}
	started := false
	server.inMain = true
	server.migrate = migrate
	server.start = sync.OnceValues(func() (*shared, error) {
		started = true
		return start(context.Background())
	})
	m.Run()
	if started {
		if s, failed := server.start(); failed == nil {
			err = s.stop(context.Background())
		}
	}
	if err = errors.Join(err, os.RemoveAll(temp)); err != nil {
		fail(err)
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "pgtest:", err)
	os.Exit(1) //nolint:forbidigo // it is the main of the tests
}

// New returns the connection string of a new database, which is dropped when
// the test and its subtests are over, with whatever is still connected to it.
func New(t testing.TB) string {
	t.Helper()
	return copyOf(t, "roster")
}

// copyOf makes a copy of a database to which nobody is connected. The server has read nothing
// of it yet.
func copyOf(t testing.TB, template string) string {
	t.Helper()
	require.True(t, server.inMain, "pgtest.New needs func TestMain(m *testing.M) { pgtest.Main(m, migrate) } in this package")
	s, err := server.start()
	require.NoError(t, err)
	name := fmt.Sprintf("test_%d", server.counter.Add(1))
	err = s.execute(t.Context(), "CREATE DATABASE "+name+" TEMPLATE "+template+" STRATEGY FILE_COPY")
	require.NoError(t, err)
	t.Cleanup(func() {
		// The context of the test is over by now.
		assert.NoError(t, s.execute(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"))
	})
	return s.url(name)
}

// start brings the cluster up; its own database becomes the template.
func start(ctx context.Context) (_ *shared, err error) {
	sweep(os.TempDir())
	dir, err := os.MkdirTemp("", mine())
	if err != nil {
		return nil, err
	}
	s := &shared{dir: dir}
	s.cluster, err = postgres.Start(ctx, postgres.Config{
		Dir:        dir,
		Disposable: true,
		Settings:   map[string]string{"max_connections": "300", "wal_level": "minimal", "max_wal_senders": "0"},
	})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	if server.migrate != nil {
		err = server.migrate(ctx, s.cluster.URL())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("migrate the template: %w", err), s.stop(ctx))
	}
	return s, nil
}

func (s *shared) stop(ctx context.Context) error {
	return errors.Join(s.cluster.Stop(ctx), os.RemoveAll(s.dir))
}

// url returns the connection string of another database of the cluster.
func (s *shared) url(database string) string {
	u, err := url.Parse(s.cluster.URL())
	if err != nil {
		panic(err) // made by postgres, so a bug
	}
	u.Path = "/" + database
	return u.String()
}

// execute runs a statement outside of the template, which must have no
// connection when it is copied.
func (s *shared) execute(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}
