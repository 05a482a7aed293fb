package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

// exportCmd prints who had what, now or at a past moment.
type exportCmd struct {
	What   string       `arg:"" enum:"access,state" help:"access: who has which role on which project. state: members, projects and teams." json:"-"`
	Org    organization `env:"ROSTER_ORG" placeholder:"ID" help:"The organization; without it all." json:"organization,omitzero"`
	At     past         `placeholder:"TIME" help:"A past moment: ${past}; without it now. From the ledger only." json:"at,omitzero"`
	Source string       `enum:"ledger,database" default:"ledger" help:"Where to read: ledger or database." json:"source"`
	File   string       `short:"o" placeholder:"FILE" help:"File to write; without it the standard output." json:"-"`
}

// Help is printed with the command's flags.
func (exportCmd) Help() string {
	return `The document is canonical JSON without a newline at the end: keys sorted, no spaces.
Equal documents have equal checksums.

    roster export access --at 2024-12-31T23:59:59Z | sha256sum`
}

// Run prints the document as the server wrote it.
func (c *exportCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	if c.Source == "database" {
		if err := asks.CatchUp(ctx); err != nil {
			return err
		}
	}
	document, err := asks.Open(ctx, "export_"+c.What, c, "application/json")
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
