package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/soak"
)

// TestSoakOfTheFeed kills and pauses what the feed is made of, and who reads it, for some seconds.
func TestSoakOfTheFeed(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "roster")
	require.NoError(t, os.WriteFile(program, fmt.Appendf(nil, "#!/bin/sh\n%s=1 exec %q \"$@\"\n", asProgram, os.Args[0]), 0o700))
	phases, err := soak.Run(t.Context(), soak.Config{
		Program: program, Duration: 8 * time.Second, Faults: []string{soak.Feed, soak.Failover}, Every: 500 * time.Millisecond,
	})
	require.NoError(t, err)
	for _, phase := range phases {
		assert.Empty(t, phase.Broken, phase.Fault)
		assert.Positive(t, phase.Commands, phase.Fault)
	}
}
