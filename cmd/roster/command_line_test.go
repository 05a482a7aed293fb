package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestHelp asks for help in every way.
func TestHelp(t *testing.T) {
	t.Parallel()
	program, err := os.Executable()
	require.NoError(t, err)
	for _, c := range []struct {
		args []string
		says string
	}{
		{args: nil, says: "Usage: roster <command>"},
		{args: []string{"help"}, says: "Usage: roster <command>"},
		{args: []string{"--help"}, says: "Usage: roster <command>"},
		{args: []string{"help", "member", "add"}, says: "Usage: roster member add --org=ID <user>"},
		{args: []string{"import", "--help"}, says: "docs/history.md"},
	} {
		cmd := exec.CommandContext(t.Context(), program, c.args...)
		cmd.Env = append(os.Environ(), asProgram+"=1")
		said, err := cmd.CombinedOutput()
		require.NoError(t, err, "%q: %s", c.args, said)
		assert.Contains(t, string(said), c.says, "%q", c.args)
	}
}

// TestReadableFaults gives command lines that make no sense.
func TestReadableFaults(t *testing.T) {
	t.Setenv("ROSTER_ORG", "")
	require.NoError(t, os.Unsetenv("ROSTER_ORG"))
	for _, c := range []struct {
		args []string
		says string
	}{
		{args: []string{"member", "list"}, says: "missing flags: --org=ID; the variable ROSTER_ORG can stand for --org"},
		{args: []string{"member", "list", "--org"}, says: "--org: a value is missing behind it"},
		{args: []string{"org", "seats", "acme", "many"}, says: `<seats>: "many" is no whole number, or too large`},
		{args: []string{"replay", "--from", "x"}, says: `--from: "x" is no whole number, or too large`},
	} {
		_, said, code := roster(c.args...)
		assert.Equal(t, exitError, code, "%q", c.args)
		assert.Contains(t, said, c.says, "%q", c.args)
	}
}
