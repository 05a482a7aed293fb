package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBenchMeasuresAServerProcess runs the measurement that needs this program.
func TestBenchMeasuresAServerProcess(t *testing.T) {
	t.Setenv(asProgram, "1")
	out, stderr, code := roster("bench", "--only", "loading", "--people", "100")
	require.Equal(t, exitOK, code, stderr)
	for _, what := range []string{"load 394 commands in bulks", "commands in bulks", "lists show all of it after"} {
		assert.Contains(t, out, what)
	}
}
