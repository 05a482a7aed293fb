package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/seed-2026d078/roster/client"
)

// errDeclined says that whoever was asked did not agree.
var errDeclined = errors.New("nothing was done")

// asks reports whether somebody is to be asked before something is done: not if the standard
// input is no terminal, so that scripts go on as they are, nor in a dry run, nor with the flag
// --yes.
func (sh *shell) asks() bool { return !sh.Yes && !sh.DryRun && terminal(sh.in) }

// questioner is a verb that says itself what it takes away.
type questioner interface{ question() string }

// confirm asks whether a verb shall take something away, if its tag says that it does. It
// fails unless the answer is yes. What would be refused is refused before anybody is asked.
func (sh *shell) confirm(ctx context.Context, verb *kong.Node, arguments any) error {
	if verb.Tag.Has("warns") {
		return sh.warn(ctx, verb.Tag.Get("does"), arguments)
	}
	if !verb.Tag.Has("asks") || !sh.asks() {
		return nil
	}
	if operation := verb.Tag.Get("does"); operation != "" {
		if err := sh.give(ctx, operation, arguments, nil, client.AsDryRun(new(client.DryRun))); err != nil {
			return err
		}
	}
	if q, ok := arguments.(questioner); ok {
		return sh.ask(q.question())
	}
	var about []string
	for _, argument := range verb.Positional {
		about = append(about, printable(fmt.Sprint(argument.Target.Interface())))
	}
	return sh.ask(fmt.Sprintf("%s %s", verb.Help, strings.Join(about, " ")))
}

// warn prints what the server warns of before a command is given, and then asks at a terminal whether to go on. It looks for warnings
// without a terminal, too, and not if --yes has answered.
func (sh *shell) warn(ctx context.Context, operation string, arguments any) error {
	if sh.Yes || sh.DryRun {
		return nil
	}
	var would client.DryRun
	if err := sh.give(ctx, operation, arguments, nil, client.AsDryRun(&would)); err != nil || len(would.Warnings) == 0 {
		return err
	}
	for _, warning := range would.Warnings {
		fmt.Fprintln(sh.err, "Warning:", printable(warning))
	}
	if !sh.asks() {
		return nil
	}
	return sh.ask("This gives away the organization.")
}

// ask asks whether to go on. It fails unless the answer is yes.
func (sh *shell) ask(about string) error {
	fmt.Fprintf(sh.err, "%s\nGo on? [y/N] ", about)
	answer, _ := bufio.NewReader(sh.in).ReadString('\n') // without a line the answer is no
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return &refusedError{errDeclined}
}
