// Command roster serves Roster, or asks a server of it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"
)

// The exit codes; the help names them too.
const (
	exitOK          = 0
	exitFailed      = 1 // refused by a rule, or failed
	exitUsage       = 2 // the command line makes no sense
	exitUnreachable = 3 // no server answered
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, out, err io.Writer) int {
	var c commands
	c.out, c.err = out, err
	// The first signal asks the command to end, the second one ends it.
	ctx, release := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer release()
	defer context.AfterFunc(ctx, release)()

	parser, fault := newParser(&c)
	if fault != nil {
		fmt.Fprintln(err, "roster:", fault)
		return exitFailed
	}
	chosen, fault := parser.Parse(args)
	if fault == nil && c.DryRun && chosen.Selected().ClosestGroup().Key != membership {
		fault = errNotDry
	}
	if fault != nil {
		return misused(err, fault)
	}
	chosen.BindTo(ctx, (*context.Context)(nil))
	fault = chosen.Run(&c.shell)
	switch {
	case fault == nil:
		return exitOK
	case errors.Is(fault, errNotDry):
		return misused(err, fault)
	case errors.Is(fault, errNo):
		return exitFailed
	}
	if ctx.Err() != nil && errors.Is(fault, context.Canceled) {
		fault = errors.New("interrupted")
	}
	fmt.Fprintln(err, "roster:", fault)
	if _, unreachable := errors.AsType[*unreachableError](fault); unreachable {
		return exitUnreachable
	}
	return exitFailed
}

// misused says what makes no sense in the command line.
func misused(err io.Writer, fault error) int {
	fmt.Fprintf(err, "roster: %v\nRun roster --help to see what there is.\n", fault)
	return exitUsage
}

func newParser(c *commands) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("roster"),
		kong.Description(description),
		kong.Writers(c.out, c.err),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
}
