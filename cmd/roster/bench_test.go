package main

import (
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestBenchMeasuresAServerProcess(t *testing.T) {
	t.Parallel()
	for only, measures := range map[string][]string{
		"loading":     {"load 394 commands in bulks", "commands in bulks", "lists show all of it after"},
		"neighbours":  {"checks beside a report by an owner, p99", "commands beside streams of all events by an owner, p99"},
		"streams":     {"others' commands beside 2 followers, p99"},
		"subscribers": {"messages from the beginning", "answered to delivered beside one who is slow, p99"},
	} {
		t.Run(only, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0], "bench", "--only", only, "--people", "100", "--time", "5ms", "--rounds", "2")
			cmd.Env = append(os.Environ(), asProgram+"=1")
			said, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", said)
			for _, what := range measures {
				assert.Contains(t, string(said), what)
			}
		})
	}
}
