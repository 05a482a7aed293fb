package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
)

// rebuildCmd rebuilds the read models.
type rebuildCmd struct {
	masterKeyFlags

	NATS     natsURL `name:"nats" placeholder:"URL" help:"NATS server that keeps the ledger; without it that of the data directory."`
	Database string  `placeholder:"URL" help:"PostgreSQL database that keeps the read models; without it that of the data directory."`

	AcceptMissingKeys bool `help:"Leave out names and addresses whose keys are missing or damaged: no list has them any more."`
}

// Help is printed with the command's flags.
func (rebuildCmd) Help() string {
	return `Reads the ledger from its beginning, builds new read models beside those in use, then
swaps them. A running server goes on, and so do its readers. If no server runs, the ledger is
accepted as it is: a server that refused it, since it was further before, takes it then.

Names and addresses whose keys are missing stop it, and the old read models stay: bring back the
newest copy of the keys. If there is none, --accept-missing-keys goes on without them. If the
stream of the keys is damaged and no server runs, it moves that aside, and makes a new one of every key
that can be read.`
}

// Run rebuilds and prints how long it took.
func (c *rebuildCmd) Run(ctx context.Context, sh *shell) (err error) {
	began := time.Now()
	defer func() { err = explainFullDisk(sh.Data, err) }()
	master, err := c.masterKey(ctx, sh.Data)
	if err != nil {
		return err
	}
	s, err := openServers(sh, endpoints{NATS: string(c.NATS), Database: c.Database})
	if err != nil {
		return err
	}
	defer s.close()
	if c.AcceptMissingKeys {
		if err := s.salvageKeys(ctx, master, sh.out); err != nil {
			return err
		}
	}
	broker, ledger, err := s.ledger(ctx, keyring.StreamName)
	if err != nil {
		return err
	}
	defer broker.close()
	keys, err := broker.reader(ctx, ledger, master)
	if err != nil {
		return err
	}
	store, err := s.store(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.close(ctx)) }()
	contents, err := projections.Inspect(ctx, store.url)
	if err != nil {
		return err
	}
	if contents.Outdated && !c.AcceptMissingKeys {
		if err := checkKeys(ctx, ledger, keys); err != nil {
			return err
		}
	}
	database, err := projections.Open(ctx, store.url, c.opener(keys), s.log)
	if err != nil {
		return err
	}
	defer database.Close()

	shown := newProgress(sh.err, "rebuilding")
	err = database.Rebuild(ctx, ledger, shown.commits)
	shown.finish()
	if errors.Is(err, events.ErrUnreadable) {
		return &refusedError{fmt.Errorf("%w\nThe read models are as they were. `roster verify` says whose texts cannot be read. "+
			"If there is no copy of the keys, go on without them with --accept-missing-keys", err)}
	}
	if err != nil {
		return err
	}
	end, err := database.Checkpoint(ctx)
	if err != nil {
		return err
	}
	if s.directory != nil {
		if err := s.directory.setMark(end); err != nil {
			return err
		}
	}
	if missing, first := keys.Faults(); missing > 0 {
		fmt.Fprintf(sh.out, "Keys that are missing: %d. The read models lack what was sealed with them. One of them: %v.\n", missing, first)
	}
	fmt.Fprintf(sh.out, "The read models are made anew, up to commit %d, in %s.\n", end.Position, time.Since(began).Round(time.Millisecond))
	return nil
}

// opener returns what reads sealed texts.
func (c *rebuildCmd) opener(keys *keyring.Reader) projections.Opener {
	if !c.AcceptMissingKeys {
		return keys.Read
	}
	return func(ctx context.Context, org events.OrganizationID, sealed events.Sealed) (string, error) {
		text, err := keys.Read(ctx, org, sealed)
		if errors.Is(err, events.ErrUnreadable) {
			return "", nil
		}
		return text, err
	}
}
