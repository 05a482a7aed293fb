package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"
)

// importCmd plays a trace through the API as ordinary commands.
type importCmd struct {
	File   string `arg:"" type:"existingfile" help:"Trace: a JSON object a line, compressed with gzip or not."`
	Source string `placeholder:"NAME" help:"Name of the history; without it the hash of its first line."`
}

// Help is printed with the command's flags.
func (importCmd) Help() string {
	return `Every line becomes a command with the time at which it happened. What was imported
before is skipped: an import that was interrupted goes on where it stopped, and one
that is repeated changes nothing. A line that is broken, or that a rule refuses, ends
the import with everything before it done: mend the line and import again.

    roster import trace.jsonl.gz`
}

// Run imports, then says what that took.
func (c *importCmd) Run(ctx context.Context, sh *shell) error {
	client, err := sh.client()
	if err != nil {
		return err
	}
	trace, err := openTrace(c.File)
	if err != nil {
		return err
	}
	defer trace.close()
	if c.Source == "" {
		c.Source = trace.source
	}
	p := &player{client: client, teams: teamNames{}, summary: summary{Source: c.Source}}
	began := time.Now()
	err = p.play(ctx, trace, newProgress(sh.err, "importing"))
	p.Took = time.Since(began).Seconds()
	if err == nil && p.Commands > 0 {
		began = time.Now()
		err = p.visible(ctx)
		p.Visible = time.Since(began).Seconds()
	}
	if sh.Output == "json" {
		return errors.Join(err, printJSON(sh.out, p.summary))
	}
	if err == nil || p.Commands > 0 {
		p.tell(sh.out)
	}
	return err
}

// summary says what an import did and where its time went.
type summary struct {
	Source string `json:"source"`
	// Lines were imported, Skipped were imported before.
	Lines   int `json:"lines"`
	Skipped int `json:"skipped"`
	// Commands are the bulks that carried the lines.
	Commands      int `json:"commands"`
	Events        int `json:"events"`
	Organizations int `json:"organizations"`
	// Took is in seconds, as are Served, the part of it that the server needed, and
	// Visible, which passed after it until the lists showed everything.
	Took    float64 `json:"took_seconds"`
	Served  float64 `json:"served_seconds"`
	Visible float64 `json:"visible_seconds"`
}

// tell prints the summary in words.
func (s summary) tell(w io.Writer) {
	if s.Lines == 0 {
		fmt.Fprintf(w, "Nothing has changed: all %d lines of %s were imported before.\n", s.Skipped, s.Source)
		return
	}
	if s.Skipped > 0 {
		fmt.Fprintf(w, "%d lines of %s were imported before.\n", s.Skipped, s.Source)
	}
	fmt.Fprintf(w, "Imported %d lines of %s: %d commands for %d organizations, %d events.\n",
		s.Lines, s.Source, s.Commands, s.Organizations, s.Events)
	fmt.Fprintf(w, "It took %.2f s (%.0f lines/s), of which the server needed %.2f s; lists showed everything %.2f s later.\n",
		s.Took, float64(s.Lines)/s.Took, s.Served, s.Visible)
}
