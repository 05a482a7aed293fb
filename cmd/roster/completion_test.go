package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestCandidates(t *testing.T) {
	t.Parallel()
	parser, err := newParser(&commands{})
	require.NoError(t, err)
	for line, want := range map[string]string{
		"member re":                        "reactivate remove",
		"member list --stat":               "--status",
		"member list --status ":            "active deactivated ended",
		"member list --status=a":           "--status=active",
		"member list --status = a":         "active",
		"member list --org acme --status ": "active deactivated ended",
		"--output table export ":           "access config state",
		"completion ":                      "bash fish zsh",
		"member remove bob --transfer":     "--transfer-to",
		"member remove ":                   "",
		"member remove bob --org ":         "",
		"project link o":                   "off on open",
		"comp":                             "completion",
	} {
		var found []string
		for _, one := range candidates(parser.Model.Node, append([]string{"--"}, strings.Split(line, " ")...)) {
			name, _, _ := strings.Cut(one, "\t")
			found = append(found, name)
		}
		assert.Equal(t, want, strings.Join(found, " "), line)
	}
}

// TestCompletion runs the scripts in those shells that are there.
func TestCompletion(t *testing.T) {
	t.Parallel()
	self := filepath.Join(t.TempDir(), "roster")
	program, err := os.Executable()
	require.NoError(t, err)
	require.NoError(t, os.Symlink(program, self))
	for shell, try := range map[string]string{
		"bash": `COMP_WORDS=(%[1]s member re); COMP_CWORD=2; _roster; printf '%%s\n' "${COMPREPLY[@]}"`,
		"zsh":  `compadd() { shift; print -l -- "$@"; }; words=(%[1]s member re); CURRENT=3; _roster`,
		"fish": `complete -C '%[1]s member re' | cut -f1`,
	} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			if _, err := exec.LookPath(shell); err != nil {
				t.Skipf("there is no %s here", shell)
			}
			script, _, code := roster("completion", shell)
			require.Zero(t, code)
			if shell == "zsh" {
				script = "compdef() { : }\n" + script
			}
			cmd := exec.CommandContext(t.Context(), shell, "-c", script+fmt.Sprintf(try, self))
			cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+t.TempDir())
			said, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", said)
			assert.Equal(t, "reactivate\nremove\n", string(said))
		})
	}
}
