package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/client"
)

// receiptCmd says by when replicas in other services had applied an event.
type receiptCmd struct {
	Event string `arg:"" help:"The id of an event, such as acme/12/0." json:"event"`
}

// Help is printed with the command's flags.
func (receiptCmd) Help() string {
	return `Replicas report how far they have come, and Roster keeps when each report came. "applied by" is when the first report
came that says so: the replica applied the event then, or before. "or long before" says that an earlier report may
have said so, too, which is not kept any more. Of a replica that is unreachable nothing is known but what it
reported last: whether it has stopped to answer is not confirmed.`
}

// Run prints a line for each replica.
func (c *receiptCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	found, err := asks.GetReceipt(ctx, client.GetReceiptQuery{Event: c.Event})
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	fmt.Fprintf(sh.out, "%s is at position %d, recorded %s.\n", found.Event, found.Position, heard(found.Recorded))
	for _, one := range found.Replicas {
		fmt.Fprintf(sh.out, "%s/%s: %s\n", printable(one.Subscriber), printable(one.Replica), printable(one.Note))
	}
	switch {
	case len(found.Replicas) == 0:
		fmt.Fprintln(sh.out, "No replica has reported.")
	case found.Everywhere.IsZero():
		fmt.Fprintln(sh.out, "Not every replica that still runs has applied it.")
	case found.Earlier:
		fmt.Fprintf(sh.out, "Every replica that still runs had applied it by %s, or long before.\n", heard(found.Everywhere))
	default:
		fmt.Fprintf(sh.out, "Every replica that still runs had applied it by %s.\n", heard(found.Everywhere))
	}
	return nil
}

// heard formats a time as the notes of a receipt do.
func heard(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
