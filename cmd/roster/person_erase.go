package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/phrase"
)

type personEraseCmd struct {
	User string `arg:"" help:"The person."`

	TransferTo map[string]string `placeholder:"ORG=USER" help:"Who takes over, in an organization in which projects would be left without an owner; may be given several times."`
}

// Run erases, and prints what was erased.
func (c *personEraseCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	erased, err := asks.ErasePerson(ctx, c.User, client.Erase{DryRun: sh.DryRun, TransferTo: c.TransferTo})
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, erased)
	}
	if !erased.Began.IsZero() {
		fmt.Fprintf(sh.out, "An erasure of %s began at %s and has not ended: the server goes on with it.\n", c.User, erased.Began.Format(time.RFC3339))
	}
	in := phrase.Count(len(erased.Organizations), "organization", "organizations")
	what := fmt.Sprintf("what %s in %s about %s, by the destruction of %s", phrase.Count(int(erased.Events), "event says", "events say"), in, c.User, phrase.Count(int(erased.Keys), "key", "keys"))
	switch {
	case erased.Done:
		fmt.Fprintf(sh.out, "Nothing is left to erase about %s, who is known in %s.\n", c.User, in)
	case sh.DryRun:
		fmt.Fprintf(sh.out, "Nothing was done. To be erased: %s.\n", what)
	default:
		fmt.Fprintf(sh.out, "Erased: %s.\n", what)
	}
	rows := make([]row, len(erased.Organizations))
	for i, o := range erased.Organizations {
		rows[i] = row{"id": o.ID, "name": o.Name, "role": o.Held.Role, "invites": o.Invites, "sent": o.InvitesSent, "event": o.Event, "first": inFlags.Replace(o.Refusal.Detail)}
	}
	table := "ORGANIZATION=id NAME=name INVITES=invites EVENT=event"
	if sh.DryRun {
		table = "ORGANIZATION=id NAME=name ROLE=role INVITES=invites SENT=sent FIRST=first"
	}
	if err := printTable(sh.out, rows, columns(table)); err != nil {
		return err
	}
	if slices.ContainsFunc(erased.Organizations, func(o client.ErasedOrganization) bool { return o.InvitesSent > 0 }) {
		fmt.Fprintf(sh.out, "SENT are open invites that %s sent. They become void until somebody else sends them again (roster invite resend).\n", c.User)
	}
	for _, left := range erased.NotCovered {
		fmt.Fprintf(sh.out, "Not covered (%s): %s\n", left.What, left.Detail)
	}
	return nil
}
