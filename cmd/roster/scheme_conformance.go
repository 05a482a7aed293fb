package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/internal/apirequest"
	"github.com/seed-2026d078/roster/internal/conformance"
	"github.com/seed-2026d078/roster/internal/phrase"
)

// schemeConformanceCmd tests whether a server keeps the promises of the schemes.
type schemeConformanceCmd struct {
	Scheme   []string  `placeholder:"SCHEME" help:"Whose promises to try; without it all, and those that hold everywhere."`
	Server   serverURL `placeholder:"URL" help:"Server to try; without it one of this program, in a temporary directory. Never one that people use: organizations come and go on it."`
	Markdown bool      `help:"Print the table as Markdown."`
}

// Help is printed with the command's flags.
func (schemeConformanceCmd) Help() string {
	return `Each promise is tried over HTTP in an organization of its own, which is deleted again.
The exit code is 1 where one is broken; what came in its place stands below the table.

    roster scheme conformance --scheme agency`
}

// Run tests the promises and prints which are kept.
func (c *schemeConformanceCmd) Run(ctx context.Context, sh *shell) (err error) {
	suites, err := c.suites() //nolint:contextcheck // the requests of a case have the context of Run
	if err != nil {
		return err
	}
	began, shown := time.Now(), newProgress(sh.err, "trying")
	server, stop, err := c.server(ctx, sh)
	defer func() { err = errors.Join(err, stop()) }()
	if err != nil {
		return err
	}
	total, broken, tried := 0, 0, 0
	for _, suite := range suites {
		total += len(suite.Cases)
	}
	results := conformance.Run(ctx, server, suites, func(r conformance.Result) {
		if tried++; r.Failure != "" {
			broken++
		}
		shown.show(int64(tried), int64(total), fmt.Sprintf("%d of %d", tried, total))
	})
	shown.finish()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := c.print(sh, results); err != nil {
		return err
	}
	if sh.Output != "json" {
		fmt.Fprintf(sh.out, "\n%s, %d broken, in %s.\n", phrase.Count(total, "promise", "promises"), broken, time.Since(began).Round(time.Millisecond))
	}
	if broken > 0 {
		return errNo
	}
	return nil
}

// server returns the server that the flags name, or starts one; stop stops that.
func (c *schemeConformanceCmd) server(ctx context.Context, sh *shell) (server apirequest.Server, stop func() error, err error) {
	there, stop := *sh, func() error { return nil }
	if there.URL = c.Server; c.Server == "" {
		there.URL, there.Key = "", ""
		brief, err := startBriefly(ctx, serveCmd{Listen: anyPort, LogLevel: slog.LevelError}, sh.err)
		if stop = brief.stop; err != nil {
			return server, stop, err
		}
		there.Data = brief.dir
	}
	asks, err := there.client()
	if err != nil {
		return server, stop, err
	}
	return apirequest.Server{URL: asks.BaseURL, Key: asks.Key, Client: &http.Client{Transport: patient{}}}, stop, nil
}

// suites returns those that the arguments name.
func (c *schemeConformanceCmd) suites() ([]conformance.Suite, error) {
	all := conformance.Suites()
	if len(c.Scheme) == 0 {
		return all, nil
	}
	var names []string
	for _, suite := range all {
		names = append(names, suite.Name)
	}
	for _, name := range c.Scheme {
		if !slices.Contains(names, name) {
			return nil, &refusedError{fmt.Errorf("nothing is promised of %q; there are %s", name, strings.Join(names, ", "))}
		}
	}
	return slices.DeleteFunc(all, func(s conformance.Suite) bool { return !slices.Contains(c.Scheme, s.Name) }), nil
}

func (c *schemeConformanceCmd) print(sh *shell, results []conformance.Result) error {
	if sh.Output == "json" {
		rows := make([]row, len(results))
		for i, r := range results {
			rows[i] = row{"scheme": r.Suite, "case": r.Case, "rule": r.Rule, "kept": r.Failure == "", "milliseconds": r.Took.Milliseconds()}
			if r.Failure != "" {
				rows[i]["failure"] = r.Failure
			}
		}
		return printJSON(sh.out, rows)
	}
	rows := make([]row, len(results))
	for i, r := range results {
		rows[i] = row{"scheme": r.Suite, "case": r.Case, "rule": r.Rule, "result": "kept", "time": r.Took.Round(time.Millisecond)}
		if r.Failure != "" {
			rows[i]["result"] = "BROKEN"
		}
	}
	shown, table := columns("SCHEME=scheme CASE=case RESULT=result TIME=time RULE=rule"), printTable
	if c.Markdown {
		table = printMarkdown
	}
	if err := table(sh.out, rows, shown); err != nil {
		return err
	}
	for _, r := range results {
		if r.Failure != "" {
			fmt.Fprintf(sh.out, "\n%s/%s: %s\n%s\n", r.Suite, r.Case, r.Rule, r.Failure)
		}
	}
	return nil
}
