package main

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/personaldata"
	"github.com/seed-2026d078/roster/internal/phrase"
)

type personDepartedCmd struct {
	For period `placeholder:"PERIOD" help:"Those who have belonged nowhere for so long, such as 24mo, 2y or 90d: what serve takes with --retain. Left out: all."`
}

// Run lists the people.
func (c *personDepartedCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	found, err := asks.ListDeparted(ctx, client.ListDepartedQuery{Before: personaldata.Period(c.For).Before(time.Now()).UTC().Format(time.RFC3339)})
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, found)
	}
	fmt.Fprintf(sh.out, "%s would be erased. Nothing was done.\n", phrase.Count(int(found.Total), "person", "people"))
	rows := make([]row, len(found.People))
	for i, p := range found.People {
		rows[i] = row{"user": p.User, "since": p.Since.UTC().Format(time.RFC3339)}
	}
	return printTable(sh.out, rows, columns("USER=user SINCE=since"))
}
