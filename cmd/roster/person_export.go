package main

import (
	"context"
)

type personExportCmd struct {
	User string `arg:"" help:"The person." json:"user"`
	File string `short:"o" placeholder:"FILE" help:"File to write; without it the standard output." json:"-"`
}

// Run prints the document as the server wrote it.
func (c *personExportCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	document, err := asks.Open(ctx, "export_person", c, "application/json")
	if err != nil {
		return err
	}
	defer document.Close()
	return writeDocument(sh, c.File, document)
}
