// Package postgres runs a private PostgreSQL cluster.
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

	// Log hears of starts, downloads and restarts; nil means silence.
	Log *slog.Logger
}

// Cluster is a running PostgreSQL server that belongs to this process: it
// listens on a Unix socket only, comes back by itself when it dies, and does not
// outlive this process (where the kernel cannot see to that, the next Start does).
type Cluster struct {
	data     string // data directory, absolute
	name     string // in the command line of all its processes
	url      string
	settings []string
	account  account
	programs programs
	log      *slog.Logger
	journal  *journal
	lock     *os.File
	shortcut *shortcut

	disposable bool

	postmaster *postmaster        // belongs to supervise until done is closed
	quit       context.CancelFunc // ends supervise
	done       chan struct{}      // closed when supervise has returned
}

// Start brings the cluster in config.Dir up, making it first if there is none,
// and returns when it answers. The context bounds the start alone. ErrInUse,
// ErrVersion and ErrNotInstalled tell the failures that a person can mend.
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
	made, err := madeBy(c.data)
	if err != nil {
		return err
	}
	if c.programs, err = c.locate(ctx, made); err != nil {
		return err
	}
	if made == 0 {
		if err = c.initialize(ctx); err != nil {
			return err
		}
	}
	if err = c.account.own(c.data); err != nil {
		return err
	}
	if c.name, err = clusterName(c.data); err != nil {
		return err
	}
	if c.journal, err = openJournal(filepath.Join(dir, "postgres.log")); err != nil {
		return err
	}
	if c.shortcut, err = makeShortcut(c.data, filepath.Join(dir, "shortcut")); err != nil {
		return err
	}
	c.url = socketURL(c.shortcut.path, database)
	c.postmaster, err = c.launch(ctx)
	return err
}

// URL returns the connection string of the database roster. It stays the same
// over restarts of the server.
func (c *Cluster) URL() string { return c.url }

// Stop ends the cluster in order and returns when it has ended: connections
// are cut, everything is written. When the context is over first, the server is
// ended at once and recovers at its next start; that is an error. Stopping
// again does nothing.
func (c *Cluster) Stop(ctx context.Context) error {
	c.quit()
	<-c.done
	if err := errors.Join(c.postmaster.stop(ctx), c.release()); err != nil {
		return fmt.Errorf("postgres: %w", err)
	}
	return nil
}

// release gives back what a start took, as far as it came.
func (c *Cluster) release() error {
	err := errors.Join(c.shortcut.remove(), c.journal.close())
	if c.lock == nil {
		return err
	}
	if closed := c.lock.Close(); !errors.Is(closed, os.ErrClosed) {
		err = errors.Join(err, closed)
	}
	return err
}
