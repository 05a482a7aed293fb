package main

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServeWarnsOfTheRootKey(t *testing.T) {
	t.Parallel()
	directory, err := openDataDirectory(t.TempDir())
	require.NoError(t, err)
	t.Cleanup(directory.close)
	key := directory.path("root.key")
	for _, start := range []struct {
		name   string
		before func() error
		warns  string
	}{
		{name: "the first start", before: func() error { return nil }},
		{name: "the same key", before: func() error { return nil }},
		{name: "others can read it", before: func() error { return os.Chmod(key, 0o640) }, warns: "others can read the root key"},
		{name: "private again", before: func() error { return os.Chmod(key, 0o600) }},
		{name: "another key", before: func() error { return os.WriteFile(key, []byte("another root key\n"), 0o600) }, warns: "another one than at the last start"},
		{name: "the other key again", before: func() error { return nil }},
	} {
		require.NoError(t, start.before(), start.name)
		hash, err := directory.rootKeyHash()
		require.NoError(t, err, start.name)
		var said bytes.Buffer
		require.NoError(t, directory.warnOfKey(t.Context(), hash, slog.New(slog.NewTextHandler(&said, nil))), start.name)
		if start.warns == "" {
			assert.Empty(t, said.String(), start.name)
		} else {
			assert.Contains(t, said.String(), start.warns, start.name)
		}
	}
}

// TestShortRootKeyIsRefused writes a key that can be guessed.
func TestShortRootKeyIsRefused(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(data, "root.key"), []byte("short\n"), 0o600))
	for _, command := range [][]string{
		{"serve", "--data", data, "--listen", "127.0.0.1:0"},
		{"org", "list", "--data", data, "--url", "http://127.0.0.1:1"},
	} {
		_, said, code := roster(command...)
		assert.Equal(t, exitError, code)
		assert.Contains(t, said, "a root key has at least 16 characters, not 5")
	}
}
