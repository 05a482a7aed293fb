package main

import (
	"context"
	"fmt"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// personCmd is about people over all organizations.
type personCmd struct {
	Leave    personLeaveCmd    `cmd:"" dryrun:"" asks:"" help:"Take a person out of all organizations, or out of none; with --dry-run, show what they hold and what must happen first."`
	Export   personExportCmd   `cmd:"" help:"Print everything that is known about a person, over all organizations, as one JSON document."`
	Departed personDepartedCmd `cmd:"" help:"List the people who belong to no organization any more, whom a server erases that runs with --retain; nothing is done."`
	Erase    personEraseCmd    `cmd:"" dryrun:"" asks:"" help:"Erase the personal data of a person in all organizations, for good; with --dry-run, show what would be erased and what must happen first."`
}

type personLeaveCmd struct {
	User string `arg:"" help:"The person."`

	TransferTo map[string]string `placeholder:"ORG=USER" help:"Who takes over, in an organization in which projects would be left without an owner; may be given several times."`
}

// Run leaves, and prints the organizations.
func (c *personLeaveCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	left, err := asks.RemoveFromOrganizations(ctx, c.User, client.Leave{DryRun: sh.DryRun, TransferTo: c.TransferTo})
	if err != nil {
		return err
	}
	if sh.Output == "json" {
		return printJSON(sh.out, left)
	}
	table := "ORGANIZATION=id NAME=name ROLE=role PROJECTS=projects TEAMS=teams"
	switch in := phrase.Count(len(left.Organizations), "organization", "organizations"); {
	case len(left.Organizations) == 0:
		fmt.Fprintf(sh.out, "%s is in no organization. Nothing was done.\n", c.User)
		return nil
	case sh.DryRun:
		fmt.Fprintf(sh.out, "Nothing was done. %s would leave %s:\n", c.User, in)
		table += " FIRST=first"
	default:
		fmt.Fprintf(sh.out, "%s left %s, and held there:\n", c.User, in)
	}
	rows := make([]row, len(left.Organizations))
	for i, o := range left.Organizations {
		rows[i] = row{
			"id": o.ID, "name": o.Name, "role": o.Held.Role, "projects": len(o.Held.Projects), "teams": len(o.Held.Teams), "first": inFlags.Replace(o.Refusal.Detail),
		}
	}
	return printTable(sh.out, rows, columns(table))
}
