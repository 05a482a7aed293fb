package main

import (
	"regexp"
	"strings"
)

// withHelp lets an empty command line, and help before a command, ask for help.
func withHelp(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(args[1:len(args):len(args)], "--help")
	}
	return args
}

// faults are errors of the parser, which has no codes for them, and how they read better.
var faults = []struct {
	pattern *regexp.Regexp
	better  string
}{
	{regexp.MustCompile(`expected \w+ value but got "EOL" \(<EOL>\)`), "a value is missing behind it"},
	{regexp.MustCompile(`expected a valid \d+ bit u?int but got (".*")`), "$1 is no whole number, or too large"},
	{regexp.MustCompile(`missing flags: (.*--org=ID.*)`), "missing flags: $1; the variable ROSTER_ORG can stand for --org"},
}

// readableFault says in plain words what is wrong with a command line.
func readableFault(fault error) string {
	text := fault.Error()
	for _, f := range faults {
		text = f.pattern.ReplaceAllString(text, f.better)
	}
	return strings.TrimSpace(text)
}
