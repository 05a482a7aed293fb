package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestDamagedKeysAreNoForgetting damages the keys of a data directory in every way, and looks
// at what is served, and at what is left of refused ones when the loss is accepted. Kim's key is the last of them.
//
//roster:fault keys to personal data are damaged | it is said whose; they are not taken for forgotten
func TestDamagedKeysAreNoForgetting(t *testing.T) {
	t.Parallel()
	streams := filepath.Join("nats", "jetstream", "$G", "streams")
	keys := filepath.Join(streams, "KV_roster_keys")
	block := filepath.Join(keys, "msgs", "1.blk")
	change := func(t *testing.T, name string, change func([]byte) []byte) {
		t.Helper()
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(name, change(text), 0o600))
	}
	for name, row := range map[string]struct {
		damage func(t *testing.T, data, older string)
		// refused is what serve says that does not start; served what verify says about a ledger
		// that is served.
		refused, served string
		// left is whose name is read, lost whose is not, after the loss was accepted; with neither,
		// it cannot be accepted.
		left, lost string
	}{
		"one flipped bit": {refused: "is damaged at byte", left: "bob", lost: "kim", damage: func(t *testing.T, data, _ string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { b[len(b)-20] ^= 1; return b })
		}},
		"a flipped bit before others": {refused: "is damaged at byte", left: "kim", lost: "bob", damage: func(t *testing.T, data, _ string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { b[bytes.Index(b, []byte("person."))] ^= 1; return b })
		}},
		"a length before others, without an index": {refused: "is damaged at byte", left: "kim", lost: "bob", damage: func(t *testing.T, data, _ string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte {
				const header, prefix = 4 + 8 + 8 + 2, len("$KV.roster_keys.")
				b[bytes.Index(b, []byte("person."))-prefix-header] ^= 1
				return b
			})
			require.NoError(t, os.Remove(filepath.Join(data, keys, "msgs", "index.db")))
		}},
		"a flipped bit of the secret": {refused: "is damaged at byte", damage: func(t *testing.T, data, _ string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { b[bytes.Index(b, []byte("secret"))] ^= 1; return b })
		}},
		"a flipped bit of the secret, without an index": {refused: "is damaged at byte", damage: func(t *testing.T, data, _ string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { b[bytes.Index(b, []byte("secret"))] ^= 1; return b })
			require.NoError(t, os.Remove(filepath.Join(data, keys, "msgs", "index.db")))
		}},
		"a rebuild that was cut off": {refused: "was being replaced when that was cut off", left: "bob", lost: "kim", damage: func(t *testing.T, data, _ string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { b[len(b)-20] ^= 1; return b })
			require.NoError(t, os.Rename(filepath.Join(data, keys), filepath.Join(data, "nats", "replaced-KV_roster_keys")))
		}},
		"half a key": {served: `user "kim" of organization "acme": its key is missing, and nobody was forgotten`, damage: func(t *testing.T, data, _ string) {
			t.Helper()
			change(t, filepath.Join(data, block), func(b []byte) []byte { return b[:len(b)-30] })
			require.NoError(t, os.Remove(filepath.Join(data, keys, "msgs", "index.db")))
		}},
		"an older copy of the bucket": {served: `user "kim" of organization "acme": its key is missing, and nobody was forgotten`, damage: func(t *testing.T, data, older string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(filepath.Join(data, keys)))
			require.NoError(t, os.CopyFS(filepath.Join(data, keys), os.DirFS(older)))
		}},
		"no bucket": {refused: "held a stream, and is gone", damage: func(t *testing.T, data, _ string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(filepath.Join(data, keys)))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			data, older, database := filepath.Join(t.TempDir(), "data"), t.TempDir(), pgtest.New(t)
			h := serve(t, data, "--database", database)
			h.must("org", "create", "acme", "--owner", "ada")
			h.must("member", "add", "bob", "--org", "acme", "--name", "Bob Example")
			h.stop()
			require.NoError(t, os.CopyFS(older, os.DirFS(filepath.Join(data, keys))))
			h = serve(t, data, "--database", database)
			h.must("member", "add", "kim", "--org", "acme", "--name", "Kim Example")
			assert.Contains(t, h.must("member", "list", "--org", "acme"), "Kim Example")
			h.stop()
			assert.Contains(t, h.must("verify"), "Sound up to commit 3")

			row.damage(t, data, older)
			before := contents(t, filepath.Join(data, "nats"))
			out, said, code := h.roster("verify")
			assert.Equal(t, exitRefused, code, "exit code of verify: %s%s", out, said)
			if row.refused != "" {
				_, said, code = h.roster("serve", "--listen", "127.0.0.1:0", "--database", database)
				assert.Equal(t, exitRefused, code, "exit code of serve")
				assert.Contains(t, said, row.refused)
				assert.Equal(t, before, contents(t, filepath.Join(data, "nats")), "the files")
				if row.refused != "held a stream, and is gone" {
					assert.Contains(t, said, "roster rebuild --accept-missing-keys")
				}
				out, said, code = h.roster("rebuild", "--database", database, "--accept-missing-keys", "--yes")
				if row.left == "" {
					assert.Equal(t, exitRefused, code, "exit code of rebuild")
					assert.Contains(t, said, "Nothing was changed: bring back the newest copy")
					assert.Equal(t, before, contents(t, filepath.Join(data, "nats")), "the files")
					return
				}
				assert.Zero(t, code, "exit code of rebuild: %s", said)
				assert.Contains(t, out, "The damaged one is kept in "+filepath.Join(data, "nats", "damaged-KV_roster_keys-"))
				assert.Contains(t, out, "Keys that are missing: 1. ")
				accepted(t, data, database, row.left, row.lost)
				return
			}
			assert.Contains(t, said, row.served)

			h = serve(t, data, "--database", database)
			until(t, "the log names whose key is missing", func() bool {
				return bytes.Contains([]byte(h.log.String()), []byte(`what is sealed about user \"kim\" in organization \"acme\"`))
			})
			out = h.must("status", "--output", "json")
			assert.Contains(t, out, `"problem"`)
			assert.Contains(t, out, "its key is missing")
			_, said, code = h.roster("member", "show", "kim", "--org", "acme")
			assert.NotZero(t, code, "exit code for an answer that would lack a name")
			assert.Contains(t, said, "A key to personal data is missing")
			assert.Contains(t, h.must("member", "show", "bob", "--org", "acme"), "Bob Example")

			h.must("member", "role", "kim", "owner", "--org", "acme") // writes the row of the list anew
			assert.Regexp(t, `Kim Example.*owner`, h.must("member", "list", "--org", "acme"))
			_, said, code = h.roster("rebuild")
			assert.Equal(t, exitRefused, code, "exit code of rebuild")
			assert.Contains(t, said, "The read models are as they were")
			assert.Regexp(t, `Kim Example.*owner`, h.must("member", "list", "--org", "acme"))

			h.must("rebuild", "--accept-missing-keys")
			assert.NotContains(t, h.must("member", "list", "--org", "acme"), "Kim Example")
			h.must("member", "profile", "kim", "--org", "acme", "--name", "Kim Again")
			assert.Contains(t, h.must("member", "list", "--org", "acme"), "Kim Again")
			assert.Contains(t, h.must("member", "show", "kim", "--org", "acme"), "Kim Again")
		})
	}
}

// accepted serves the data directory after the loss of a name was accepted.
func accepted(t *testing.T, data, database, left, lost string) {
	t.Helper()
	kept, err := filepath.Glob(filepath.Join(data, "nats", "damaged-KV_roster_keys-*", "msgs", "1.blk"))
	require.NoError(t, err)
	assert.Len(t, kept, 1, "the damaged streams that are kept")
	name := map[string]string{"bob": "Bob Example", "kim": "Kim Example"}
	h := serve(t, data, "--database", database)
	assert.Contains(t, h.must("member", "show", left, "--org", "acme"), name[left])
	_, said, code := h.roster("member", "show", lost, "--org", "acme")
	assert.NotZero(t, code, "exit code for an answer that would lack a name")
	assert.Contains(t, said, "A key to personal data is missing")
	list := h.must("member", "list", "--org", "acme")
	assert.Contains(t, list, name[left])
	assert.NotContains(t, list, name[lost])
	h.must("member", "profile", lost, "--org", "acme", "--name", "Set Anew")
	assert.Contains(t, h.must("member", "show", lost, "--org", "acme"), "Set Anew")
}

// TestUpgradeKeepsNamesWithoutKeys loses a key, then starts a version that makes the read models anew.
//
//roster:fault keys are missing when an upgrade makes the read models anew | `serve` and `rebuild` refuse, and the read models stay, unless `--accept-missing-keys` gives the names up
func TestUpgradeKeepsNamesWithoutKeys(t *testing.T) {
	t.Parallel()
	data, database := filepath.Join(t.TempDir(), "data"), pgtest.New(t)
	keys := filepath.Join(data, "nats", "jetstream", "$G", "streams", "KV_roster_keys")
	h := serve(t, data, "--database", database)
	h.must("org", "create", "acme", "--owner", "ada")
	h.stop()
	older := t.TempDir()
	require.NoError(t, os.CopyFS(older, os.DirFS(keys)))
	h = serve(t, data, "--database", database)
	h.must("member", "add", "kim", "--org", "acme", "--name", "Kim Example")
	assert.Contains(t, h.must("member", "list", "--org", "acme"), "Kim Example")
	h.stop()
	require.NoError(t, os.RemoveAll(keys))
	require.NoError(t, os.CopyFS(keys, os.DirFS(older)))
	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer conn.Close(context.WithoutCancel(t.Context()))
	_, err = conn.Exec(t.Context(), `UPDATE roster.checkpoint SET collation_version = '{0}'`)
	require.NoError(t, err)

	for _, command := range [][]string{{"serve", "--listen", "127.0.0.1:0", "--database", database}, {"rebuild", "--database", database}} {
		_, said, code := h.roster(command...)
		assert.Equal(t, exitRefused, code, "%s: exit code", command[0])
		assert.Contains(t, said, "Keys that are missing: 1.")
		assert.Contains(t, said, "roster rebuild --accept-missing-keys")
		var name string
		require.NoError(t, conn.QueryRow(t.Context(), `SELECT name FROM roster.member WHERE user_id = 'kim'`).Scan(&name))
		assert.Equal(t, "Kim Example", name, "after %s", command[0])
	}
	h.must("rebuild", "--database", database, "--accept-missing-keys")
	h = serve(t, data, "--database", database)
	assert.NotContains(t, h.must("member", "list", "--org", "acme"), "Kim Example")
}
