package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
)

// exportCmd prints who had what, now or at a past moment.
type exportCmd struct {
	What   string `arg:"" enum:"access,state" help:"access: who has which role on which project. state: members, projects and teams."`
	Org    string `env:"ROSTER_ORG" placeholder:"ID" help:"The organization; without it all."`
	At     past   `placeholder:"TIME" help:"A past moment: as 2024-12-31T23:59:59Z, or as 2024-12-31 (where the day begins, in UTC); without it now. From the ledger only."`
	Source string `enum:"ledger,database" default:"ledger" help:"Where to read: ledger or database."`
	File   string `short:"o" placeholder:"FILE" help:"File to write; without it the standard output."`
}

// Help is printed with the command's flags.
func (exportCmd) Help() string {
	return `The document is canonical JSON without a newline at the end: keys sorted, no spaces.
Equal documents have equal checksums.

    roster export access --at 2024-12-31T23:59:59Z | sha256sum`
}

// Run prints the document as the server wrote it.
func (c *exportCmd) Run(ctx context.Context, sh *shell) (err error) {
	client, err := sh.client()
	if err != nil {
		return err
	}
	query := asked(map[string]string{"organization": c.Org, "source": c.Source, "at": moment(c.At.Time)})
	if c.Source == "database" {
		if err := client.catchUp(ctx); err != nil {
			return err
		}
	}
	document, err := client.open(ctx, http.MethodGet, path("export", c.What), query, nil, "application/json")
	if err != nil {
		return err
	}
	defer document.Close()
	if c.File == "" {
		_, err = io.Copy(sh.out, document)
		return err
	}
	file, err := os.Create(c.File)
	if err != nil {
		return err
	}
	_, err = io.Copy(file, document)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", c.File, err)
	}
	return nil
}
