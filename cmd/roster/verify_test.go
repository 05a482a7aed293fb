package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// contents describes every file and directory of a data directory: its mode, its time, and
// the bytes of files.
func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		require.NoError(t, err)
		info, err := entry.Info()
		require.NoError(t, err)
		found[path] = fmt.Sprint(info.Mode(), info.ModTime())
		if info.Mode().IsRegular() {
			found[path] += read(t, path)
		}
		return nil
	}))
	return found
}

// TestVerifyWritesNothing verifies ledgers of every kind. Nothing in the data directory
// changes.
func TestVerifyWritesNothing(t *testing.T) {
	t.Parallel()
	block := filepath.Join("nats", "jetstream", "$G", "streams", "LEDGER", "msgs", "1.blk")
	change := func(t *testing.T, name string, change func([]byte) []byte) {
		t.Helper()
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(name, change(text), 0o600))
	}
	for name, row := range map[string]struct {
		damage func(t *testing.T, data string)
		code   int
		says   string
	}{
		"sound": {says: "Sound up to commit 3"},
		"as a kill leaves it": {says: "Sound up to commit 3", damage: func(t *testing.T, data string) {
			t.Helper()
			require.NoError(t, os.Remove(filepath.Join(data, filepath.Dir(block), "index.db")))
			change(t, filepath.Join(data, block), func(b []byte) []byte { return append(b, 1, 2, 3) })
		}},
		"a bit of the last commit": {code: exitRefused, says: "breaks at position 3", damage: func(t *testing.T, data string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { b[len(b)-20] ^= 1; return b })
		}},
		"a bit of the first commit": {code: exitRefused, says: "breaks at position 1", damage: func(t *testing.T, data string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { b[300] ^= 1; return b })
		}},
		"the last commit cut off": {code: exitRefused, says: "ends at position 2, and position 3 has been read", damage: func(t *testing.T, data string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { return b[:len(b)-1] })
		}},
		"an empty block": {code: exitRefused, says: "ends at position 0, and position 3 has been read", damage: func(t *testing.T, data string) {
			t.Helper()
			require.NoError(t, os.Truncate(filepath.Join(data, block), 0))
		}},
		"a link to nothing": {code: exitRefused, says: "no such file", damage: func(t *testing.T, data string) {
			t.Helper()
			require.NoError(t, os.Remove(filepath.Join(data, block)))
			require.NoError(t, os.Symlink("nothing", filepath.Join(data, block)))
		}},
		"a damaged mark": {code: exitRefused, says: "Sound up to commit 3", damage: func(t *testing.T, data string) {
			t.Helper()
			change(t, filepath.Join(data, markFile), func(b []byte) []byte { return b[:len(b)/2] })
		}},
		"no ledger": {code: exitRefused, says: "holds no ledger", damage: func(t *testing.T, data string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(filepath.Join(data, "nats", "jetstream", "$G", "streams", "LEDGER")))
		}},
		"nothing": {code: exitRefused, says: "holds no ledger", damage: func(t *testing.T, data string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(data))
			require.NoError(t, os.Mkdir(data, 0o700))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := serve(t, filepath.Join(t.TempDir(), "data"), "--database", pgtest.New(t))
			for _, id := range []string{"acme", "globex", "initech"} {
				h.must("org", "create", id)
			}
			h.stop()
			if row.damage != nil {
				row.damage(t, h.data)
			}
			before := contents(t, h.data)
			out, said, code := h.roster("verify")
			assert.Equal(t, row.code, code, "exit code: %s%s", out, said)
			assert.Contains(t, out+said, row.says)
			assert.Equal(t, before, contents(t, h.data), "the data directory")
		})
	}
}
