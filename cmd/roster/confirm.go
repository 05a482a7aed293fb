package main

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// errDeclined says that whoever was asked did not agree.
var errDeclined = errors.New("nothing was done")

// confirm asks whether a verb shall take something away, if its tag says that it does. It
// fails unless the answer is yes. It does not ask if the standard input is no terminal, so
// that scripts go on as they are, nor in a dry run, nor with the flag --yes.
func (sh *shell) confirm(verb *kong.Node) error {
	if !verb.Tag.Has("asks") || sh.Yes || sh.DryRun || !terminal(sh.in) {
		return nil
	}
	var about []string
	for _, argument := range verb.Positional {
		about = append(about, printable(fmt.Sprint(argument.Target.Interface())))
	}
	fmt.Fprintf(sh.err, "%s %s\nGo on? [y/N] ", verb.Help, strings.Join(about, " "))
	answer, _ := bufio.NewReader(sh.in).ReadString('\n') // without a line the answer is no
	switch strings.ToLower(strings.TrimSpace(answer)) {
	case "y", "yes":
		return nil
	}
	return &refusedError{errDeclined}
}
