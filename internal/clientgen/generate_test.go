package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestClientIsUpToDate(t *testing.T) {
	t.Parallel()
	files, err := generate()
	require.NoError(t, err)
	for name, want := range files {
		got, err := os.ReadFile(filepath.Join("../../client", name))
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), "client/%s is not what the API describes: run go generate ./client", name)
	}
}

func TestSummariesBecomeSentences(t *testing.T) {
	t.Parallel()
	for summary, want := range map[string]string{
		"Add a member":              "adds a member",
		"Pass the role on":          "passes the role on",
		"Notify people":             "notifies people",
		"Deploy a project":          "deploys a project",
		"Search the people of this": "searches the people of this",
		"Replay":                    "replays",
	} {
		assert.Equal(t, want, says(summary))
	}
}
