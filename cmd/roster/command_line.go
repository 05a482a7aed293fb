package main

import (
	"errors"
	"regexp"
	"strings"

	"github.com/alecthomas/kong"
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

// fillIn replaces what stands for a text in the help and the defaults of flags with the text behind it.
// [kong.Vars] would look through all the texts again for each flag, and copy them for each command,
// which takes longer than most commands do.
func fillIn(texts []string) kong.Option {
	replacer := strings.NewReplacer(texts...)
	return kong.PostBuild(func(k *kong.Kong) error {
		return kong.Visit(k.Model.Node, func(part kong.Visitable, next kong.Next) error {
			if value, is := part.(*kong.Value); is {
				value.Help, value.Default = replacer.Replace(value.Help), replacer.Replace(value.Default)
			}
			return next(nil)
		})
	})
}

// faults are errors of the parser, which has no codes for them, and how they read better.
var faults = []struct {
	pattern *regexp.Regexp
	better  string
}{
	{regexp.MustCompile(`expected \w+ value but got "EOL" \(<EOL>\)`), "a value is missing behind it"},
	{regexp.MustCompile(`expected duration but got ("[^"]*"): .*`), "$1 is no duration: write it as in 90s, 5m or 720h, which is 30 days; there is no larger unit than hours"},
	{regexp.MustCompile(`slog: level string ("[^"]*"): .*`), "$1 is none of debug, info, warn and error"},
	{regexp.MustCompile(`expected a valid \d+ bit u?int but got (".*")`), "$1 is no whole number, or too large"},
	{regexp.MustCompile(`missing flags: (.*--org=ID.*)`), "missing flags: $1; the variable ROSTER_ORG can stand for --org"},
}

// readableFault says in plain words what is wrong with a command line.
func readableFault(fault error) string {
	text := fault.Error()
	if parsed, is := errors.AsType[*kong.ParseError](fault); is && strings.HasPrefix(text, "unknown flag --org") {
		if verb := parsed.Context.Selected(); verb != nil && verb.Parent != nil && verb.Parent.Name == "org" {
			return "--org is for what is in an organization: the verbs of org name the organization itself without it, as in roster org show acme"
		}
	}
	for _, f := range faults {
		text = f.pattern.ReplaceAllString(text, f.better)
	}
	return strings.TrimSpace(text)
}
