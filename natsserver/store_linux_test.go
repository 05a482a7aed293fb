package natsserver_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStartTakesADirectoryOnAnotherFileSystem mounts one where the streams are, so that no file
// there can have a second name beside it.
func TestStartTakesADirectoryOnAnotherFileSystem(t *testing.T) {
	t.Parallel()
	cfg := kept(t, 3)
	root := filepath.Join(cfg.Dir, "jetstream")
	moved := filepath.Join(t.TempDir(), "moved")
	require.NoError(t, os.Rename(root, moved))
	require.NoError(t, os.Mkdir(root, 0o700))
	if err := syscall.Mount("roster", root, "tmpfs", 0, ""); err != nil {
		t.Skip("this user may not mount:", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(root, syscall.MNT_DETACH)) })
	require.NoError(t, os.CopyFS(root, os.DirFS(moved)))

	stream, err := streams(t, start(t, cfg)).Stream(t.Context(), "KEPT")
	require.NoError(t, err)
	assert.EqualValues(t, 3, stream.CachedInfo().State.Msgs)
	assert.NoDirExists(t, filepath.Join(cfg.Dir, "recovering"))
}
