package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/internal/phrase"
)

// feedCmd is about the feed of the server.
type feedCmd struct {
	Status      feedStatusCmd  `cmd:"" help:"Show how far the feed has come, and how far it is behind."`
	Rebuild     feedRebuildCmd `cmd:"" help:"Empty the feed's stream and publish everything again."`
	DeadLetters deadLettersCmd `cmd:"" help:"Messages that a subscriber could not handle."`
}

// feedRebuildCmd makes the feed again.
type feedRebuildCmd struct{}

// Help is printed with the command's flags.
func (feedRebuildCmd) Help() string {
	return `The stream keeps its name, and its sequence goes on. Messages have the same ids as before, and commands go on
meanwhile. Durable consumers rest until the stream is full again, and go on where they were. If the command is interrupted,
the server still finishes.`
}

// pollEvery is how often a command looks whether the server has finished.
const pollEvery = 250 * time.Millisecond

// Run waits until the stream is made again.
func (c *feedRebuildCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	began := time.Now()
	status, err := asks.RebuildFeed(ctx)
	if err != nil {
		return err
	}
	to, bar := status.RebuildingTo, newProgress(sh.err, "publishing again")
	for status.RebuildingTo != 0 {
		// Until it is emptied, it is as far as it was.
		bar.show(min(status.Position, to), to, fmt.Sprintf("%d of %d", min(status.Position, to), to))
		select {
		case <-time.After(pollEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
		if status, err = asks.GetFeed(ctx); err != nil {
			return err
		}
	}
	bar.finish()
	_, err = fmt.Fprintf(sh.out, "The feed was made again up to position %d: %s, in %s.\n", status.Position,
		phrase.Count(int(status.Messages), "message", "messages"), time.Since(began).Round(time.Millisecond))
	return err
}
