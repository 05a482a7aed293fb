package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/natsserver"
)

// servers finds the servers of a data directory for a command that works beside the
// API: those that the flags name, else those of the running server, else it starts
// its own.
type servers struct {
	endpoints

	dir       string
	log       *slog.Logger
	directory *dataDirectory // held by this process; nil where a server runs
}

// openServers finds out whether a server runs on the data directory. If none does, it holds
// the directory.
func openServers(sh *shell, flags endpoints) (*servers, error) {
	return newServers(sh, flags, openDataDirectory)
}

// findServers is like openServers, but writes nothing.
func findServers(sh *shell, flags endpoints) (*servers, error) {
	return newServers(sh, flags, findDataDirectory)
}

func newServers(sh *shell, flags endpoints, open func(dir string) (*dataDirectory, error)) (*servers, error) {
	s := &servers{
		endpoints: flags, dir: sh.Data,
		log: slog.New(slog.NewTextHandler(sh.err, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if _, err := os.Stat(s.dir); err != nil {
		return nil, fmt.Errorf("%w: name the data directory with --data", err)
	}
	var err error
	s.directory, err = open(s.dir)
	if !errors.Is(err, errInUse) {
		return s, err
	}
	running, err := locate(s.dir)
	if err != nil {
		return nil, fmt.Errorf("a process works there, but it has not said where it serves: %w", err)
	}
	s.Database = cmp.Or(s.Database, running.Database)
	if s.NATS == "" {
		s.NATS, s.NATSCertificate = running.NATS, running.NATSCertificate
	}
	return s, nil
}

// broker connects to the NATS server that keeps the ledger. If it has to start one, it reads the
// named streams first, and fails if they are damaged.
func (s *servers) broker(readFirst ...string) (*broker, error) {
	if s.NATS != "" {
		return joinBroker(s.NATS, s.NATSCertificate)
	}
	if err := s.has("nats", "--nats"); err != nil {
		return nil, err
	}
	return startBroker(s.directory, natsserver.Config{ReadFirst: readFirst, Log: s.log})
}

// ledger connects to the NATS server and opens the ledger, which must exist. The caller
// closes the broker. See [servers.broker] for the streams.
func (s *servers) ledger(ctx context.Context, readFirst ...string) (*broker, *bus.Ledger, error) {
	broker, err := s.broker(readFirst...)
	if err != nil {
		return nil, nil, err
	}
	ledger, err := broker.ledger(ctx, bus.OpenConfig{AllowUnsynced: true, Existing: true, Log: s.log})
	if err != nil {
		broker.close()
		return nil, nil, err
	}
	return broker, ledger, nil
}

// store returns the PostgreSQL server that keeps the read models.
func (s *servers) store(ctx context.Context) (*store, error) {
	if s.Database != "" {
		return &store{url: s.Database}, nil
	}
	if err := s.has("postgres", "--database"); err != nil {
		return nil, err
	}
	return startStore(ctx, s.directory, false, s.log)
}

// has fails if the data directory has no such part: starting a server would create an empty
// one.
func (s *servers) has(name, flag string) error {
	_, err := os.Stat(s.directory.path(name))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s has no %s of its own: name the server with %s", s.dir, name, flag)
	}
	return err
}

func (s *servers) close() {
	if s.directory != nil {
		s.directory.close()
	}
}
