package main

import (
	"context"
	"fmt"
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
	did := "Erased"
	if sh.DryRun {
		did = "Nothing was done. To be erased"
	}
	fmt.Fprintf(sh.out, "%s: what %s in %s about %s, by the destruction of %s.\n", did, phrase.Count(int(erased.Events), "event says", "events say"),
		phrase.Count(len(erased.Organizations), "organization", "organizations"), c.User, phrase.Count(int(erased.Keys), "key", "keys"))
	rows := make([]row, len(erased.Organizations))
	for i, o := range erased.Organizations {
		rows[i] = row{"id": o.ID, "name": o.Name, "role": o.Held.Role, "invites": o.Invites, "event": o.Event, "first": inFlags.Replace(o.Refusal.Detail)}
	}
	table := "ORGANIZATION=id NAME=name INVITES=invites EVENT=event"
	if sh.DryRun {
		table = "ORGANIZATION=id NAME=name ROLE=role INVITES=invites FIRST=first"
	}
	if err := printTable(sh.out, rows, columns(table)); err != nil {
		return err
	}
	for _, left := range erased.NotCovered {
		fmt.Fprintf(sh.out, "Not covered (%s): %s\n", left.What, left.Detail)
	}
	return nil
}
