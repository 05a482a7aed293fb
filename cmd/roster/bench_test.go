package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBenchMeasuresAServerProcess runs the measurements that need this program.
func TestBenchMeasuresAServerProcess(t *testing.T) {
	t.Setenv(asProgram, "1")
	out, stderr, code := roster("bench", "--only", "loading,neighbours,streams,subscribers", "--people", "100", "--time", "5ms")
	require.Equal(t, exitOK, code, stderr)
	for _, what := range []string{
		"load 394 commands in bulks", "commands in bulks", "lists show all of it after",
		"checks beside a report by an owner, p99", "commands beside streams of all events by an owner, p99",
		"others' commands beside 2 followers, p99", "messages from the beginning", "answered to delivered beside one who is slow, p99",
	} {
		assert.Contains(t, out, what)
	}
}
