package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the generated files anew")

const root = "../.."

func TestFilesAreUpToDate(t *testing.T) {
	t.Parallel()
	if *update {
		require.NoError(t, run(root))
	}
	files, err := generate(root)
	require.NoError(t, err)
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join(root, name))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), "%s is not what the types and their comments say: run go generate ./feed", name)
	}
}
