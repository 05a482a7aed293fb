package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestFullDiskRefusesCommandsAlone fills the disk of the ledger, and empties it again.
func TestFullDiskRefusesCommandsAlone(t *testing.T) {
	t.Parallel()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size=24m"); err != nil {
		t.Skip("no file system can be mounted here, which takes root:", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	h := serve(t, filepath.Join(disk, "data"), "--database", pgtest.New(t))
	h.must("org", "create", "acme", "--owner", "ada")
	full := filepath.Join(disk, "full")
	require.ErrorIs(t, os.WriteFile(full, make([]byte, 24<<20), 0o600), syscall.ENOSPC)

	for _, command := range [][]string{
		{"project", "create", "apollo", "--org", "acme"},
		{"member", "add", "bob", "--org", "acme", "--name", "Bob Example"}, // needs a key
	} {
		_, said, code := h.roster(command...)
		assert.NotZero(t, code, "exit code of %s", command)
		assert.Contains(t, said, "The disk of the ledger is full, so nothing was recorded.")
	}
	assert.Contains(t, h.must("member", "list", "--org", "acme"), "ada")
	assert.Contains(t, h.must("org", "show", "acme"), "acme")
	out := h.must("status")
	assert.Regexp(t, `readiness\.ready +no`, out)
	assert.Regexp(t, `readiness\.disk\.ok +no`, out)
	until(t, "the log warns of it", func() bool {
		return strings.Contains(h.log.String(), "little room is left on the disk")
	})

	require.NoError(t, os.Remove(full))
	until(t, "commands are taken again", func() bool {
		_, _, code := h.roster("project", "create", "apollo", "--org", "acme")
		return code == 0
	})
	h.must("member", "add", "bob", "--org", "acme", "--name", "Bob Example")
	assert.Regexp(t, `readiness\.ready +yes`, h.must("status"))
}
