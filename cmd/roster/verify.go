package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/phrase"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/natsserver"
)

// verifyCmd verifies the whole ledger.
type verifyCmd struct {
	masterKeyFlags

	NATS natsURL `name:"nats" placeholder:"URL" help:"NATS server that keeps the ledger; without it that of the data directory."`
}

// Help is printed with the command's flags.
func (verifyCmd) Help() string {
	return `Checks that every commit continues the one before it, that every event can be read,
that no organization's versions have a gap, and that every text about a person opens with its key,
unless the person was forgotten. It works beside a running server, and
without one, and writes nothing: where no server runs, it reads the files themselves.`
}

// Run verifies and prints the result.
func (c *verifyCmd) Run(ctx context.Context, sh *shell) error {
	master, err := c.masterKey(ctx, sh.Data)
	if err != nil {
		return err
	}
	s, err := findServers(sh, endpoints{NATS: string(c.NATS)})
	if err != nil {
		return err
	}
	defer s.close()
	marked, unmarked := (&dataDirectory{dir: s.dir}).mark()
	shown := newProgress(sh.err, "verifying")
	report, err := s.verify(ctx, master, marked, shown)
	shown.finish()
	if _, broken := errors.AsType[*bus.BrokenError](err); err != nil && !broken {
		return err
	}
	err = errors.Join(err, unmarked, report.unreadable)
	if sh.Output == "json" {
		return errors.Join(err, printJSON(sh.out, report.Report))
	}
	fmt.Fprintf(sh.out, "Sound up to commit %d, hash %s: %s, %s, %s.\n",
		report.End.Position, report.End.Hash, phrase.Count(report.Entries, "command", "commands"),
		phrase.Count(report.Events, "event", "events"), phrase.Count(report.Organizations, "organization", "organizations"))
	return err
}

// verified is what was found: in the ledger, and of the texts that are sealed in it.
type verified struct {
	bus.Report

	unreadable error
}

// verify verifies the ledger, which must have the commit that is marked, and opens every
// sealed text.
func (s *servers) verify(ctx context.Context, master masterKey, marked events.Checkpoint, shown *progress) (verified, error) {
	if s.NATS != "" {
		broker, ledger, err := s.ledger(ctx)
		if err != nil {
			return verified{}, err
		}
		defer broker.close()
		texts := sealedTexts{ctx: ctx, master: master}
		texts.keys, texts.fault = keyring.OpenReader(ctx, broker.Conn, master.key)
		report, err := ledger.Verify(ctx, texts.open, shown.commits)
		return verified{report, texts.result()}, errors.Join(err, ledger.Check(ctx, marked))
	}
	nats := filepath.Join(s.dir, "nats")
	texts := sealedTexts{ctx: ctx, master: master}
	texts.keys, texts.fault = keyring.ReadMessages(ctx, master.key, func(take func(string, []byte) error) error {
		return natsserver.Read(nats, keyring.StreamName, func(_ uint64, subject string, message []byte) error { return take(subject, message) })
	})
	read := func(take func(uint64, []byte) error) error {
		return natsserver.Read(nats, bus.StreamName, func(sequence uint64, _ string, message []byte) error { return take(sequence, message) })
	}
	report, err := bus.VerifyMessages(ctx, read, marked, texts.open, func(done events.Position) { shown.commits(done, max(done, marked.Position)) })
	if errors.Is(err, natsserver.ErrNoStream) {
		return verified{}, &refusedError{fmt.Errorf("%s holds no ledger: name its data directory with --data, or its server with --nats; "+
			"if the ledger is lost, bring back its newest copy", nats)}
	}
	return verified{report, texts.result()}, err
}

// commits shows how many commits of the ledger were read.
func (p *progress) commits(done, total events.Position) {
	p.show(int64(done), int64(total), phrase.Count(int(done), "commit", "commits")) //nolint:gosec // no ledger gets that long
}
