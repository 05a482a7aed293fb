package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/seed-2026d078/roster/events"
)

// verifyCmd verifies the whole ledger.
type verifyCmd struct {
	NATS string `name:"nats" placeholder:"URL" help:"NATS server that keeps the ledger; without it that of the data directory."`
}

// Help is printed with the command's flags.
func (verifyCmd) Help() string {
	return `Checks that every commit continues the one before it, that every event can be read,
and that no organization's versions have a gap. It works beside a running server, and
without one.`
}

// Run verifies and prints the result.
func (c *verifyCmd) Run(ctx context.Context, sh *shell) error {
	s, err := openServers(sh, endpoints{NATS: c.NATS})
	if err != nil {
		return err
	}
	defer s.close()
	broker, ledger, err := s.ledger(ctx)
	if err != nil {
		return err
	}
	defer broker.close()
	shown := newProgress(sh.err, "verifying")
	report, err := ledger.Verify(ctx, shown.commits)
	shown.finish()
	if sh.Output == "json" {
		return errors.Join(err, printJSON(sh.out, report))
	}
	fmt.Fprintf(sh.out, "Sound up to commit %d, hash %s: %d commands, %d events, %d organizations.\n",
		report.End.Position, report.End.Hash, report.Entries, report.Events, report.Organizations)
	return err
}

// commits shows how many commits of the ledger were read.
func (p *progress) commits(done, total events.Position) {
	p.show(int64(done), int64(total), fmt.Sprintf("%d commits", done)) //nolint:gosec // no ledger gets that long
}
