package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/seed-2026d078/roster/importer"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// importCmd imports the history of another system.
type importCmd struct {
	File   string `arg:"" type:"existingfile" help:"Trace: a JSON object a line, compressed with gzip or not."`
	Source string `placeholder:"NAME" help:"Name of the history; without it the hash of its first line."`
}

// Help is printed with the command's flags.
func (importCmd) Help() string {
	return `Every line becomes a command with the time at which it happened. What was imported
before is skipped: an import that was interrupted goes on where it stopped, and one
that is repeated changes nothing. A file with a broken line is not imported at all. A
line that a rule refuses ends the import with everything before it done: mend the line
and import again. Users whose logins differ only in case are one. docs/history.md has the
form of the lines. An import has no dry run: to try one, import into a server of its own,
started as roster serve --data try --listen 127.0.0.1:8081, with roster import --data try.

    roster import trace.jsonl.gz`
}

// Run imports, then prints a summary.
func (c *importCmd) Run(ctx context.Context, sh *shell) error {
	asks, err := sh.client()
	if err != nil {
		return err
	}
	trace, err := importer.Open(c.File)
	if err != nil {
		return err
	}
	defer trace.Close()
	shown := newProgress(sh.err, "importing")
	done, err := importer.Import(ctx, asks, trace, importer.Options{
		Source:   c.Source,
		Progress: func(lines int) { shown.show(trace.Offset, trace.Size, phrase.Count(lines, "line", "lines")) },
	})
	shown.finish()
	if sh.Output == "json" {
		return errors.Join(err, printJSON(sh.out, done))
	}
	if err == nil || done.Commands > 0 {
		printSummary(sh.out, done)
	}
	return err
}

// printSummary says what an import did.
func printSummary(w io.Writer, s importer.Summary) {
	if s.Lines == 0 {
		fmt.Fprintf(w, "Nothing has changed: all %d lines of %s were imported before.\n", s.Skipped, s.Source)
	} else {
		if s.Skipped > 0 {
			fmt.Fprintf(w, "Imported before: %s of %s.\n", phrase.Count(s.Skipped, "line", "lines"), s.Source)
		}
		fmt.Fprintf(w, "Imported %s of %s: %s for %s, %s.\n",
			phrase.Count(s.Lines, "line", "lines"), s.Source, phrase.Count(s.Commands, "command", "commands"),
			phrase.Count(s.Organizations, "organization", "organizations"), phrase.Count(s.Events, "event", "events"))
		fmt.Fprintf(w, "It took %.2f s (%.0f lines/s), of which the server needed %.2f s; lists showed everything %.2f s later.\n",
			s.Took, float64(s.Lines)/s.Took, s.Served, s.Visible)
	}
	if len(s.Deleted) > 0 {
		fmt.Fprintf(w, "Deleted since they were imported, and not imported again, since history is written forwards: %s.\n", strings.Join(s.Deleted, ", "))
	}
	if len(s.WithoutOwner) > 0 {
		fmt.Fprintf(w, "Without an owner, as the history left them: %s. `roster report without-owner` says which role is missing.\n", strings.Join(s.WithoutOwner, ", "))
	}
	if len(s.Spellings) > 0 {
		fmt.Fprintln(w, "Logins that are written in several ways, each of one user:")
	}
	for n, user := range slices.Sorted(maps.Keys(s.Spellings)) {
		if n == maxShown {
			fmt.Fprintf(w, "  and %d more; --output json has them all\n", len(s.Spellings)-n)
			break
		}
		fmt.Fprintf(w, "  %s: %s\n", user, strings.Join(s.Spellings[user], ", "))
	}
}

// maxShown is how many users a summary lists.
const maxShown = 10
