package main

import (
	"os"
	"os/exec"
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
		"member list --status ":            "active deactivated ended not_started",
		"member list --status=a":           "--status=active",
		"member list --status = a":         "active",
		"member list --org acme --status ": "active deactivated ended not_started",
		"--output table export ":           "access config snapshot state",
		"completion ":                      "bash fish zsh",
		"member remove bob --transfer":     "--transfer-to",
		"member remove ":                   "",
		"member remove bob --org ":         "",
		"project link o":                   "off on open",
		"comp":                             "completion",
		"org create acme --scheme git":     "github",
		"org scheme acme sc":               "scoped",
		"scheme diff agency camp":          "campaign",
		"events --type membership.j":       "membership.joined.v1",
	} {
		var found []string
		for _, one := range candidates(parser.Model.Node, append([]string{"--"}, strings.Split(line, " ")...)) {
			name, _, _ := strings.Cut(one, "\t")
			found = append(found, name)
		}
		assert.Equal(t, want, strings.Join(found, " "), line)
	}
}

// TestCompletion runs the scripts in those shells that are there. There is no roster in the PATH:
// the name may be an alias.
func TestCompletion(t *testing.T) {
	t.Parallel()
	for shell, try := range map[string]string{
		"bash": `COMP_WORDS=(roster member re); COMP_CWORD=2; _roster; printf '%s\n' "${COMPREPLY[@]}"`,
		"zsh":  `compadd() { shift; print -l -- "$@"; }; words=(roster member re); CURRENT=3; _roster`,
		"fish": `complete -C 'roster member re' | cut -f1`,
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
			cmd := exec.CommandContext(t.Context(), shell, "-c", script+try)
			cmd.Env = append(os.Environ(), asProgram+"=1", "HOME="+t.TempDir())
			said, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", said)
			assert.Equal(t, "reactivate\nremove\n", string(said))
		})
	}
}
