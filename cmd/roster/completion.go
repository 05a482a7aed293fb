package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/seed-2026d078/roster/events"
)

// completionCmd prints a script that completes command lines in a shell.
type completionCmd struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Help is printed with the command's flags.
func (completionCmd) Help() string {
	return `    bash:  eval "$(roster completion bash)"          in ~/.bashrc
    zsh:   eval "$(roster completion zsh)"           in ~/.zshrc, behind compinit
    fish:  roster completion fish | source           in ~/.config/fish/config.fish`
}

// completionScripts are by shell. Each asks the program that printed it, ROSTER here, what can
// follow, so a script does not grow old with the program, and roster may be an alias. Where the
// program knows nothing, the shell completes files.
var completionScripts = map[string]string{
	"bash": `_roster() {
  local IFS=$'\n'
  COMPREPLY=($(ROSTER complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _roster roster
`,
	"zsh": `_roster() {
  local -a found
  found=(${(f)"$(ROSTER complete -- ${words[2,CURRENT]} 2>/dev/null | cut -f1)"})
  if (( $#found )); then compadd -- $found; else _files; fi
}
compdef _roster roster
`,
	"fish": `function _roster
  set -l words (commandline -opc) (commandline -ct)
  set -l found (ROSTER complete -- $words[2..] 2>/dev/null)
  if set -q found[1]
    printf '%s\n' $found
  else
    __fish_complete_path $words[-1]
  end
end
complete -c roster -f -a '(_roster)'
`,
}

// Run prints the script.
func (c *completionCmd) Run(sh *shell) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(sh.out, strings.ReplaceAll(completionScripts[c.Shell], "ROSTER", quoted(program, c.Shell)))
	return err
}

// quoted returns a text as one word of a shell.
func quoted(text, shell string) string {
	if shell == "fish" {
		return "'" + strings.NewReplacer(`\`, `\\`, "'", `\'`).Replace(text) + "'"
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// completeCmd prints what can stand in the place of the last word of a command line: a
// candidate a line, each with its help behind a tab.
type completeCmd struct {
	Words []string `arg:"" optional:"" passthrough:"" help:"The words behind roster; the last one is being written."`
}

// Run prints the candidates.
func (c *completeCmd) Run(sh *shell) error {
	parser, err := newParser(&commands{})
	if err != nil {
		return err
	}
	for _, one := range candidates(parser.Model.Node, c.Words) {
		fmt.Fprintln(sh.out, one)
	}
	return nil
}

// candidates returns what begins with the last word and can stand in its place.
func candidates(at *kong.Node, words []string) []string {
	if len(words) == 0 || len(words) == 1 && words[0] == "--" {
		words = []string{""}
	}
	if words[0] == "--" {
		words = words[1:]
	}
	arguments := 0 // that the command has got already
	var awaits *kong.Value
	for _, word := range words[:len(words)-1] {
		switch below := child(at, word); {
		case word == "=": // where bash divides --flag=value
		case awaits != nil:
			awaits = nil
		case strings.HasPrefix(word, "-"):
			awaits = awaiting(at, word)
		case below != nil:
			at = below
		default:
			arguments++
		}
	}
	last := strings.TrimPrefix(words[len(words)-1], "=")
	all := map[string]string{}
	name, value, assigned := strings.Cut(last, "=")
	switch {
	case awaits != nil:
		addValues(all, "", valuesOf(awaits))
	case assigned && strings.HasPrefix(name, "--"):
		if flag := flagOf(at, name); flag != nil {
			addValues(all, name+"=", valuesOf(flag.Value))
		}
		last = name + "=" + value
	case strings.HasPrefix(last, "-"):
		for _, flags := range at.AllFlags(true) {
			for _, flag := range flags {
				all["--"+flag.Name] = flag.Help
			}
		}
	case arguments < len(at.Positional):
		addValues(all, "", valuesOf(at.Positional[arguments]))
	default:
		for _, below := range at.Children {
			if !below.Hidden {
				all[below.Name] = below.Help
			}
		}
	}
	var found []string
	for _, candidate := range slices.Sorted(maps.Keys(all)) {
		if candidate != "" && strings.HasPrefix(candidate, last) {
			found = append(found, strings.TrimRight(candidate+"\t"+all[candidate], "\t"))
		}
	}
	return found
}

// valuesOf returns the values that are known of a flag or an argument: those that it is limited
// to, or those of the kind that its tag "completes" names.
func valuesOf(v *kong.Value) []string {
	var values []string
	switch v.Tag.Get("completes") {
	case "scheme":
		schemes, err := schemeFiles{Schemes: os.Getenv("ROSTER_SCHEMES")}.load()
		if err != nil {
			return nil // a shell has no place for errors
		}
		values = slices.Collect(maps.Keys(schemes))
	case "event":
		for _, t := range events.Types() {
			values = append(values, string(t))
		}
	default:
		values = v.EnumSlice()
	}
	return values
}

// addValues adds the values that a flag or an argument can have.
func addValues(to map[string]string, prefix string, values []string) {
	for _, v := range values {
		if v != "" {
			to[prefix+v] = ""
		}
	}
}

// child returns the command below a command; nil if there is none of that name.
func child(at *kong.Node, name string) *kong.Node {
	i := slices.IndexFunc(at.Children, func(n *kong.Node) bool { return n.Name == name && !n.Hidden })
	if i < 0 {
		return nil
	}
	return at.Children[i]
}

// flagOf returns a flag of a command or of those above it; nil if there is none.
func flagOf(at *kong.Node, word string) *kong.Flag {
	for _, flags := range at.AllFlags(true) {
		for _, flag := range flags {
			if word == "--"+flag.Name || flag.Short != 0 && word == "-"+string(flag.Short) {
				return flag
			}
		}
	}
	return nil
}

// awaiting returns the value that has to follow a flag; nil if none has to.
func awaiting(at *kong.Node, word string) *kong.Value {
	flag := flagOf(at, word)
	if flag == nil || flag.IsBool() {
		return nil
	}
	return flag.Value
}
