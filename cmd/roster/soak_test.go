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
	for _, fault := range []string{soak.Feed, soak.Failover} {
		commands := 0
		for try := 0; try < 5 && commands == 0; try++ { // a busy machine may be too slow to begin in time
			phases, err := soak.Run(t.Context(), soak.Config{Program: program, Duration: 4 * time.Second, Faults: []string{fault}, Every: 500 * time.Millisecond})
			require.NoError(t, err)
			require.Len(t, phases, 1)
			assert.Empty(t, phases[0].Broken, fault)
			commands = phases[0].Commands
		}
		assert.Positive(t, commands, fault)
	}
}
