package natsserver_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/natsserver"
)

// kept returns a directory with a stream in it, whose server has stopped.
func kept(t *testing.T, messages int) natsserver.Config {
	t.Helper()
	cfg := natsserver.Config{Dir: filepath.Join(t.TempDir(), "nats"), Unsynced: true}
	server := start(t, cfg)
	js := streams(t, server)
	_, err := js.CreateStream(t.Context(), jetstream.StreamConfig{Name: "KEPT", Subjects: []string{"kept"}})
	require.NoError(t, err)
	for i := range messages {
		_, err = js.Publish(t.Context(), "kept", fmt.Append(nil, i))
		require.NoError(t, err)
	}
	server.Shutdown()
	return cfg
}

// contents describes every file and directory: its type, mode, time and bytes, as far as
// they can be read.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, _ error) error {
		found[path] = entry.Type().String()
		if info, unknown := entry.Info(); unknown == nil && entry.Type().IsRegular() {
			text, _ := os.ReadFile(path)
			found[path] = fmt.Sprint(info.Mode(), info.ModTime(), string(text))
		}
		return nil
	}))
	return found
}

func TestStartTouchesNothingThatNoServerLeavesBehind(t *testing.T) {
	t.Parallel()
	stream := func(cfg natsserver.Config) string {
		return filepath.Join(cfg.Dir, "jetstream", "$G", "streams", "KEPT")
	}
	for name, row := range map[string]struct {
		file      string // below the stream
		damage    func(t *testing.T, file string)
		says      string
		notAsRoot bool // permissions do not stop root
	}{
		"a block that cannot be opened": {file: "msgs/1.blk", says: "belongs to user", notAsRoot: true, damage: func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Chmod(file, 0))
		}},
		"a directory that cannot be opened": {file: "msgs", says: "belongs to user", notAsRoot: true, damage: func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Chmod(file, 0o400))
		}},
		"a block that is a link to nothing": {file: "msgs/1.blk", says: "is a symbolic link", damage: func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Remove(file))
			require.NoError(t, os.Symlink("nothing", file))
		}},
		"a block that is a directory": {file: "msgs/1.blk", says: "is no regular file", damage: func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Remove(file))
			require.NoError(t, os.Mkdir(file, 0o700))
		}},
		"an empty block before the last one": {file: "msgs/1.blk", says: "is empty", damage: func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Rename(file, filepath.Join(filepath.Dir(file), "2.blk")))
			require.NoError(t, os.WriteFile(file, nil, 0o600))
		}},
		"empty settings": {file: "meta.inf", says: "is empty", damage: func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Truncate(file, 0))
		}},
		"no settings": {says: "holds a stream that the server cannot recover", damage: func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.Remove(filepath.Join(file, "meta.inf")))
		}},
		"what only the server finds wrong": {says: "holds a stream that the server cannot recover", damage: func(t *testing.T, file string) {
			t.Helper()
			require.NoError(t, os.WriteFile(filepath.Join(file, "__new_msgs__"), nil, 0o600))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if row.notAsRoot && os.Geteuid() == 0 {
				t.Skip("root opens every file")
			}
			cfg := kept(t, 3)
			file := filepath.Join(stream(cfg), row.file)
			row.damage(t, file)
			before := contents(t, cfg.Dir)

			_, err := natsserver.Start(cfg)
			t.Cleanup(func() { _ = os.Chmod(file, 0o700) }) // so that it can be removed
			var refused *natsserver.StoreError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, file, refused.Path)
			assert.ErrorContains(t, err, row.says)
			assert.Equal(t, before, contents(t, cfg.Dir), "the files")
		})
	}
}

func TestStartRefusesADirectoryWithoutAStreamThatItMustHold(t *testing.T) {
	t.Parallel()
	cfg := natsserver.Config{Dir: filepath.Join(t.TempDir(), "nats"), Streams: []string{"KEPT"}}
	_, err := natsserver.Start(cfg)
	var refused *natsserver.StoreError
	require.ErrorAs(t, err, &refused)
	assert.ErrorContains(t, err, "held a stream, and is gone")
	assert.NoDirExists(t, cfg.Dir)

	cfg = kept(t, 3)
	cfg.Streams = []string{"KEPT"}
	start(t, cfg)
}

// TestStartRemovesABlockThatWasNotCompleted starts where a server was killed while it wrote a block anew.
func TestStartRemovesABlockThatWasNotCompleted(t *testing.T) {
	t.Parallel()
	cfg := kept(t, 3)
	var halves []string
	for _, name := range []string{"1.blk.tmp", "1.new"} {
		half := filepath.Join(cfg.Dir, "jetstream/$G/streams/KEPT/msgs", name)
		require.NoError(t, os.WriteFile(half, []byte("a key"), 0o600))
		halves = append(halves, half)
	}
	start(t, cfg)
	for _, half := range halves {
		assert.NoFileExists(t, half)
	}
}

func TestStartRefusesAFileInPlaceOfTheDirectory(t *testing.T) {
	t.Parallel()
	cfg := natsserver.Config{Dir: filepath.Join(t.TempDir(), "nats")}
	require.NoError(t, os.WriteFile(cfg.Dir, nil, 0o600))
	_, err := natsserver.Start(cfg)
	require.ErrorContains(t, err, "not a directory")
}

// TestStartBringsBackWhatAStartThatWasCutOffDeleted kills, as it were, a start after the
// server has deleted a stream.
func TestStartBringsBackWhatAStartThatWasCutOffDeleted(t *testing.T) {
	t.Parallel()
	cfg := kept(t, 3)
	all := filepath.Join(cfg.Dir, "jetstream", "$G", "streams")
	require.NoError(t, os.Rename(all, filepath.Join(cfg.Dir, "recovering")))
	read := 0
	require.NoError(t, natsserver.Read(cfg.Dir, "KEPT", func(uint64, string, []byte) error {
		read++
		return nil
	}))
	assert.Equal(t, 3, read, "messages that are read before")

	stream, err := streams(t, start(t, cfg)).Stream(t.Context(), "KEPT")
	require.NoError(t, err)
	assert.EqualValues(t, 3, stream.CachedInfo().State.Msgs)
	assert.NoDirExists(t, filepath.Join(cfg.Dir, "recovering"))
}

// TestStartTakesACopyThatWasBroughtBack brings back an older copy after a start was cut off.
func TestStartTakesACopyThatWasBroughtBack(t *testing.T) {
	t.Parallel()
	cfg, older := kept(t, 3), kept(t, 2)
	require.NoError(t, os.Rename(filepath.Join(cfg.Dir, "jetstream", "$G", "streams"), filepath.Join(older.Dir, "recovering")))
	require.NoError(t, os.WriteFile(filepath.Join(older.Dir, "recovering", "KEPT", "msgs", "2.blk"), []byte("more"), 0o600))

	stream, err := streams(t, start(t, older)).Stream(t.Context(), "KEPT")
	require.NoError(t, err)
	assert.EqualValues(t, 2, stream.CachedInfo().State.Msgs)
	assert.NoDirExists(t, filepath.Join(older.Dir, "recovering"))
}

//roster:fault the process is killed while NATS writes | the next start goes on from there
func TestStartGoesOnFromWhatACrashLeaves(t *testing.T) {
	t.Parallel()
	cfg := kept(t, 3)
	stream := filepath.Join(cfg.Dir, "jetstream", "$G", "streams", "KEPT", "msgs")
	require.NoError(t, os.Remove(filepath.Join(stream, "index.db")), "it is written when the server stops")
	require.NoError(t, os.WriteFile(filepath.Join(stream, "2.blk"), nil, 0o600), "a block that was just begun")
	require.NoError(t, os.WriteFile(filepath.Join(stream, "index.db.tmp"), nil, 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(filepath.Dir(stream), "meta.inf.tmp"), nil, 0o600))

	found, err := streams(t, start(t, cfg)).Stream(t.Context(), "KEPT")
	require.NoError(t, err)
	assert.EqualValues(t, 3, found.CachedInfo().State.Msgs)
}
