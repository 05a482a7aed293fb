package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// mountDisk returns a file system of its own. It skips the test where none can be mounted.
func mountDisk(t *testing.T, size string) string {
	t.Helper()
	disk := t.TempDir()
	if err := syscall.Mount("tmpfs", disk, "tmpfs", 0, "size="+size); err != nil {
		t.Skip("no file system can be mounted here, which takes root:", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(disk, syscall.MNT_DETACH)) })
	return disk
}

// TestFullDiskRefusesCommandsAlone fills the disk of the ledger, and empties it again.
func TestFullDiskRefusesCommandsAlone(t *testing.T) {
	t.Parallel()
	disk := mountDisk(t, "24m")
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

//roster:fault the disk is full when `serve` starts | it says how much is free, and to make room
func TestFullDiskAtTheStart(t *testing.T) {
	t.Parallel()
	disk := mountDisk(t, "2m")
	require.ErrorIs(t, os.WriteFile(filepath.Join(disk, "full"), make([]byte, 3<<20), 0o600), syscall.ENOSPC)
	_, said, code := roster("serve", "--data", filepath.Join(disk, "data"), "--listen", "127.0.0.1:0")
	assert.Equal(t, exitError, code)
	assert.Contains(t, said, "is full, or nearly so (0 MiB are free): make room, then start again")
	assert.NotContains(t, said, "let this user write there")
}

// TestFailedWriteIsNoYes lets the kernel refuse to make the files of a server larger, and gives commands until one
// fails.
//
//roster:fault the ledger cannot be written, though the disk has room | commands answer 503, and nobody is told yes; `/readyz` answers 503; after a restart everything acknowledged is there
func TestFailedWriteIsNoYes(t *testing.T) {
	t.Parallel()
	database := pgtest.New(t)
	h, process := launch(t, t.TempDir(), "--database", database, "--unsynced=false")
	h.must("org", "create", "acme", "--owner", "ada")
	block, err := os.Stat(filepath.Join(h.data, "nats", "jetstream", "$G", "streams", "LEDGER", "msgs", "1.blk"))
	require.NoError(t, err)
	limit := unix.Rlimit{Cur: uint64(block.Size()) + 3000, Max: unix.RLIM_INFINITY}
	require.NoError(t, unix.Prlimit(process.Pid, unix.RLIMIT_FSIZE, &limit, nil))

	var acknowledged []string
	for i := range 20 {
		id := fmt.Sprintf("p%d", i)
		_, said, code := h.roster("project", "create", id, "--org", "acme")
		if code != 0 {
			assert.Regexp(t, "503|ledger|written", said)
			break
		}
		acknowledged = append(acknowledged, id)
	}
	require.NotEmpty(t, acknowledged)
	require.Less(t, len(acknowledged), 20, "nothing failed")
	until(t, "the server is not ready", func() bool {
		out, _, _ := h.roster("status")
		return strings.Contains(out, "cannot be written to its disk")
	})
	_, said, code := h.roster("project", "create", "later", "--org", "acme")
	assert.NotZero(t, code)
	assert.Contains(t, said, "The ledger cannot be written to its disk, so nothing was recorded.")
	h.stop()

	h = serve(t, h.data, "--database", database)
	projects := h.must("project", "list", "--org", "acme")
	for _, id := range acknowledged {
		assert.Contains(t, projects, id)
	}
	assert.NotContains(t, projects, "later")
	h.must("project", "create", "afterwards", "--org", "acme")
	assert.Contains(t, h.must("verify"), "Sound up to commit")
}
