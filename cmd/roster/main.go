// Command roster runs a Roster server, or is the client of one.
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
	exitOK          = 0 // done, or yes
	exitRefused     = 1 // refused, or no
	exitError       = 2 // the command line makes no sense, or something failed
	exitUnreachable = 3 // no server answered
)

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run carries out one command line and returns the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, err io.Writer) int {
	p, fault := newProgram()
	if fault != nil {
		fmt.Fprintln(err, "roster:", fault)
		return exitError
	}
	return p.run(ctx, args, in, out, err)
}

// program is the command line with what parses it.
type program struct {
	commands
	parser *kong.Kong
}

func newProgram() (*program, error) {
	p := new(program)
	var err error
	p.parser, err = newParser(&p.commands)
	return p, err
}

// run carries out one command line and returns the exit code.
func (p *program) run(ctx context.Context, args []string, in io.Reader, out, err io.Writer) int {
	p.in, p.out, p.err = in, out, err
	p.parser.Stdout, p.parser.Stderr = out, err
	// The first signal asks the command to end, the second one ends it.
	ctx, release := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer release()
	defer context.AfterFunc(ctx, release)()

	chosen, fault := p.parser.Parse(withHelp(args))
	if errors.Is(fault, errVersion) {
		return exitOK
	}
	if fault == nil && p.DryRun && !chosen.Selected().Tag.Has("does") && !chosen.Selected().Tag.Has("dryrun") {
		fault = errors.New("--dry-run is for commands that change an organization")
	}
	if fault != nil {
		fmt.Fprintf(err, "roster: %s\nRun roster --help, or a command with --help, to see what there is.\n", readableFault(fault))
		return exitError
	}
	fault = p.execute(ctx, chosen)
	switch {
	case fault == nil:
		return exitOK
	case errors.Is(fault, errNo):
		return exitRefused
	case ctx.Err() != nil && errors.Is(fault, context.Canceled):
		fault = errors.New("interrupted")
	}
	text, code := failure(fault)
	fmt.Fprintln(err, "roster:", text)
	return code
}

func newParser(c *commands) (*kong.Kong, error) {
	return kong.New(c,
		kong.Name("roster"),
		kong.Description(description),
		fillIn(append(limitDefaults(), "${past}", pastForms, "${end}", endForms)),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, NoExpandSubcommands: true}),
	)
}
