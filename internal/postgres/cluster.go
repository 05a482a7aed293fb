// Package postgres runs a private PostgreSQL server for this process.
//
//	cluster, err := postgres.Start(ctx, postgres.Config{Dir: ".roster/postgres"})
//	...
//	defer cluster.Stop(ctx)
//	pool, err := pgxpool.New(ctx, cluster.URL())
//
// Start looks for the programs of PostgreSQL on the machine and downloads them where
// there are none. It makes the data directory the first time. As root it runs them as
// another user.
//
// # Guarantees
//
// The server listens on a Unix socket in a directory of mode 0700, never on TCP, and lets in
// processes of this process's user alone. When
// it ends unexpectedly, it is started again. On Linux it ends with this process; where
// the kernel cannot do that, the next Start ends what was left.
package postgres

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// Config says where a cluster lives, with what settings.
type Config struct {
	// Dir holds the data, the socket and the log (postgres.log). It is made if
	// missing, and belongs to one cluster at a time.
	Dir string

	// Disposable trades durability for speed: a power cut may destroy the data.
	Disposable bool

	// Settings are further server parameters, such as "max_connections"; they
	// win over the ones chosen here.
	Settings map[string]string

	// Log receives starts, downloads and restarts; nil drops them.
	Log *slog.Logger
}

// Cluster is a running PostgreSQL server that belongs to this process.
type Cluster struct {
	data      string // data directory, absolute
	name      string // stands in the command line of each of its processes
	url       string
	settings  []string
	account   account
	programs  programs
	log       *slog.Logger
	serverLog *serverLog
	lock      *os.File
	socketDir *socketDir

	disposable bool

	postmaster *postmaster        // belongs to supervise until done is closed
	quit       context.CancelFunc // ends supervise
	done       chan struct{}      // closed when supervise has returned
}

// Start starts the cluster in config.Dir and returns when it accepts connections. It
// makes the cluster if there is none. The context bounds the start alone. A person can
// mend [ErrInUse], [ErrVersion] and [ErrNotInstalled]; their messages say how.
func Start(ctx context.Context, config Config) (*Cluster, error) {
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	c := &Cluster{
		data:     filepath.Join(dir, "data"),
		settings: settings(config),
		log:      config.Log,
		done:     make(chan struct{}),

		disposable: config.Disposable,
	}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if err := c.start(ctx, dir); err != nil {
		return nil, fmt.Errorf("postgres: %w", errors.Join(err, c.release()))
	}
	life, quit := context.WithCancel(context.WithoutCancel(ctx))
	c.quit = quit
	go c.supervise(life)
	return c, nil
}

func (c *Cluster) start(ctx context.Context, dir string) (err error) {
	if err = os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	if c.lock, err = lock(filepath.Join(dir, "lock")); err != nil {
		return err
	}
	if c.account, err = accountFor(c.data); err != nil {
		return err
	}
	version, err := dataVersion(c.data)
	if err != nil {
		return err
	}
	if c.programs, err = c.findPrograms(ctx, version); err != nil {
		return err
	}
	if version == 0 {
		err = c.initialize(ctx)
	} else {
		err = requireControlFile(c.data)
	}
	if err != nil {
		return err
	}
	if err = c.account.takeOwnership(c.data); err != nil {
		return err
	}
	if err = c.admitOwner(); err != nil {
		return err
	}
	if c.name, err = clusterName(c.data); err != nil {
		return err
	}
	if c.serverLog, err = openServerLog(filepath.Join(dir, "postgres.log")); err != nil {
		return err
	}
	if c.socketDir, err = makeSocketDir(c.data, filepath.Join(dir, "socket-link")); err != nil {
		return err
	}
	c.url = socketURL(c.socketDir.path, database)
	c.postmaster, err = c.startServer(ctx)
	return err
}

// URL returns the connection string of the database roster. It stays the same
// over restarts of the server.
func (c *Cluster) URL() string { return c.url }

// Stop shuts the server down and returns when it has ended. It closes all connections
// and writes everything to disk. If the context ends first, Stop ends the server at
// once and returns an error; the server then recovers at its next start. Stopping
// again does nothing.
func (c *Cluster) Stop(ctx context.Context) error {
	c.quit()
	<-c.done
	if err := errors.Join(c.postmaster.stop(ctx), c.release()); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// release frees what start has taken, also when start failed half-way.
func (c *Cluster) release() error {
	err := errors.Join(c.socketDir.remove(), c.serverLog.close())
	if c.lock != nil {
		err = errors.Join(err, unlock(c.lock))
		c.lock = nil
	}
	return err
}
