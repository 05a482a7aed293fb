package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/seed-2026d078/roster/client"
	"github.com/seed-2026d078/roster/declaration"
)

// exportCmd prints who had what, now or at a past moment.
type exportCmd struct {
	What   string       `arg:"" enum:"access,state,config,snapshot" help:"access: who has which role on which project. state: members, projects and teams. config: one organization as a file for plan and apply. snapshot: one organization's access, with the position from which the feed goes on." json:"-"`
	Org    organization `env:"ROSTER_ORG" placeholder:"ID" help:"The organization; without it all." json:"organization,omitzero"`
	At     past         `placeholder:"TIME" help:"A past moment: ${past}; without it now. From the ledger only." json:"at,omitzero"`
	Source string       `enum:"ledger,database" default:"ledger" help:"Where to read: ledger or database." json:"source"`
	Format string       `enum:"roster,peribolos" default:"roster" help:"Form of a config: roster or peribolos." json:"-"`
	File   string       `short:"o" placeholder:"FILE" help:"File to write; without it the standard output." json:"-"`
}

// Help is printed with the command's flags.
func (exportCmd) Help() string {
	return `A config is YAML in the form that apply takes. Other documents are canonical JSON without a newline at the end: keys sorted, no spaces.
Equal documents have equal checksums. A snapshot is a line of JSON for each person and project.

    roster export access --at 2024-12-31T23:59:59Z | sha256sum
    roster export config --org acme -o acme.yaml`
}

// Run prints the document as the server wrote it.
func (c *exportCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	if c.What == "config" {
		return c.config(ctx, sh, asks)
	}
	if c.What == "snapshot" {
		return c.snapshot(ctx, sh, asks)
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
	return writeDocument(sh, c.File, document)
}

// writeDocument writes a document to a file, or to the standard output if that is empty.
func writeDocument(sh *shell, name string, document io.Reader) error {
	if name == "" {
		_, err := io.Copy(sh.out, document)
		return err
	}
	file, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600) // it may say what is known of people
	if err != nil {
		return err
	}
	_, err = io.Copy(file, document)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// config writes the file that declares an organization as it is now.
func (c *exportCmd) config(ctx context.Context, sh *shell, asks *client.Client) error {
	if c.Org == "" || !c.At.IsZero() || c.Source != "ledger" {
		return errors.New("a config is that of one organization as it is now: name it with --org, and leave --at and --source out")
	}
	found, err := asks.GetDeclaration(ctx, string(c.Org))
	if err != nil {
		return err
	}
	var document bytes.Buffer
	if c.Format == "peribolos" {
		leftOut, err := declaration.WritePeribolos(&document, found)
		if err != nil {
			return err
		}
		if len(leftOut) > 0 {
			fmt.Fprintln(sh.err, "Left out, since the form of peribolos has no place for it:", strings.Join(leftOut, ", "))
		}
	} else if err := declaration.Write(&document, string(c.Org), found); err != nil {
		return err
	}
	return writeDocument(sh, c.File, &document)
}

// snapshot writes an organization's access as it is now, for a subscriber that begins with it.
func (c *exportCmd) snapshot(ctx context.Context, sh *shell, asks *client.Client) error {
	if c.Org == "" || !c.At.IsZero() || c.Source != "ledger" {
		return errors.New("a snapshot is that of one organization as it is now: name it with --org, and leave --at and --source out")
	}
	document, err := asks.Open(ctx, "export_snapshot", struct {
		Org organization `json:"org"`
	}{c.Org}, "application/x-ndjson")
	if err != nil {
		return err
	}
	defer document.Close()
	return writeDocument(sh, c.File, document)
}
