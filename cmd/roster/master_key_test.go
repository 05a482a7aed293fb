package main

import (
	"bytes"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/keyring"
)

// TestSourcesOfTheMasterKey reads the master key from each source. It changes the environment, so it is not parallel.
func TestSourcesOfTheMasterKey(t *testing.T) {
	data, elsewhere := t.TempDir(), t.TempDir()
	inHex := strings.Repeat("a5", 32)
	key, err := keyring.ParseMasterKey(inHex)
	require.NoError(t, err)
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(elsewhere, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		require.NoError(t, os.Chmod(path, mode))
		return path
	}
	good := file("good", inHex+"\n", 0o400)
	for name, row := range map[string]struct {
		flags       masterKeyFlags
		environment *string
		from, says  string
	}{
		"none yet":                {},
		"a file":                  {flags: masterKeyFlags{MasterKeyFile: good}, from: "the file " + good},
		"the environment":         {environment: &inHex, from: "ROSTER_MASTER_KEY"},
		"a command":               {flags: masterKeyFlags{MasterKeyCommand: "echo " + inHex}, from: "the command of --master-key-command"},
		"a file and a command":    {flags: masterKeyFlags{MasterKeyFile: good, MasterKeyCommand: "true"}, says: "--master-key-file and --master-key-command name a master key each: leave all but one out"},
		"a file and the variable": {flags: masterKeyFlags{MasterKeyFile: good}, environment: &inHex, says: "--master-key-file and ROSTER_MASTER_KEY name a master key each"},
		"an empty variable":       {environment: new(string), says: "the master key of ROSTER_MASTER_KEY: a master key is 32 bytes"},
		"no file":                 {flags: masterKeyFlags{MasterKeyFile: filepath.Join(elsewhere, "none")}, says: "bring it back; for a new server, make one"},
		"a file for the group":    {flags: masterKeyFlags{MasterKeyFile: file("group", inHex, 0o640)}, says: "chmod 600"},
		"a file for everybody":    {flags: masterKeyFlags{MasterKeyFile: file("all", inHex, 0o604)}, says: "roster keys rotate-master"},
		"another text":            {flags: masterKeyFlags{MasterKeyFile: file("text", "a passphrase", 0o600)}, says: "64 hexadecimal digits or as base64"},
		"a command that fails":    {flags: masterKeyFlags{MasterKeyCommand: "echo " + inHex + "; echo " + inHex + " >&2; exit 3"}, says: "failed (exit status 3): try it by hand"},
		"a command that prints":   {flags: masterKeyFlags{MasterKeyCommand: "yes " + inHex}, says: "prints more than 1024 bytes"},
		"a command with no key":   {flags: masterKeyFlags{MasterKeyCommand: "echo secret"}, says: "this text of 6 characters"},
	} {
		t.Run(name, func(t *testing.T) {
			if row.environment != nil {
				t.Setenv(masterKeyVariable, *row.environment)
			}
			got, err := row.flags.masterKey(t.Context(), data)
			if row.says != "" {
				require.ErrorContains(t, err, row.says)
				assert.NotContains(t, err.Error(), inHex)
				return
			}
			require.NoError(t, err)
			if row.from == "" {
				assert.True(t, got.key.IsZero())
				return
			}
			assert.Equal(t, key.ID(), got.key.ID())
			assert.Equal(t, row.from, got.String())
		})
	}
}

// TestMasterKeyOfADataDirectory serves without flags, then without the master key, with another one, and after it was rotated.
//
//roster:fault the master key is missing | `serve`, `verify` and `rebuild` refuse, and say which one wraps the keys, apart from missing keys; nothing is changed, and no other one is made
func TestMasterKeyOfADataDirectory(t *testing.T) {
	t.Parallel()
	data, database := filepath.Join(t.TempDir(), "data"), pgtest.New(t)
	name := filepath.Join(data, masterKeyFile)
	h := serve(t, data, "--database", database)
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("member", "add", "bob", "--org", "acme", "--name", "Bob Example")
	_, said, code := h.roster("keys", "rotate-master")
	assert.Equal(t, exitRefused, code)
	assert.Contains(t, said, "stop it, and every other node")
	h.must("verify")
	h.stop()
	info, err := os.Stat(name)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	text := strings.TrimSpace(read(t, name))
	key, err := keyring.ParseMasterKey(text)
	require.NoError(t, err)
	assert.Contains(t, h.log.String(), "id="+key.ID())
	assert.NotContains(t, h.log.String(), text)

	other, otherText := keyring.NewMasterKey()
	commands := [][]string{{"serve", "--listen", "127.0.0.1:0", "--database", database}, {"verify"}, {"rebuild", "--database", database}}
	kept := name + ".kept"
	require.NoError(t, os.Rename(name, kept))
	for _, command := range commands {
		_, said, code := h.roster(command...)
		assert.Equal(t, exitRefused, code, "%s: exit code", command[0])
		assert.Contains(t, said, "are wrapped by master key "+key.ID()+", and there is no master key here: bring back "+name, command[0])
		assert.NotContains(t, said, "missing on the NATS server", command[0])
		assert.NoFileExists(t, name, "after %s", command[0])
	}
	require.NoError(t, os.WriteFile(name, []byte(otherText), 0o600))
	for _, command := range commands {
		_, said, code := h.roster(command...)
		assert.Equal(t, exitRefused, code, "%s: exit code", command[0])
		assert.Contains(t, said, "and the master key here is "+other.ID(), command[0])
		assert.Contains(t, said, "all need the same one", command[0])
	}
	require.NoError(t, os.Rename(kept, name))
	h.must("verify")
	h.must("rebuild", "--database", database)

	assert.Contains(t, h.must("keys", "rotate-master"), "The former one, "+key.ID()+", opens older backups")
	rotated, err := keyring.ParseMasterKey(read(t, name))
	require.NoError(t, err)
	assert.NotEqual(t, key.ID(), rotated.ID())
	assert.NoFileExists(t, filepath.Join(data, newMasterKeyFile))
	h.must("verify")
	_, said, code = h.roster("verify", "--master-key-command", "echo "+text)
	assert.Equal(t, exitRefused, code, "with the former key: %s", said)

	secret := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(secret, []byte(hex.EncodeToString(bytes.Repeat([]byte{7}, 32))), 0o600))
	h.must("keys", "rotate-master", "--new-master-key-file", secret)
	_, said, code = h.roster("keys", "rotate-master", "--master-key-file", secret)
	assert.Equal(t, exitError, code)
	assert.Contains(t, said, "say where the new one is")
	h = serve(t, data, "--database", database, "--master-key-file", secret)
	assert.Contains(t, h.must("member", "show", "bob", "--org", "acme"), "Bob Example")
}

// TestNodesShareTheMasterKey starts a second node on one NATS server, without the master key of the first, then with it.
func TestNodesShareTheMasterKey(t *testing.T) {
	t.Parallel()
	nats := bustest.Server(t)
	flags := []string{"--database", pgtest.New(t), "--nats", nats.URL(), "--allow-unsynced-ledger"}
	first := serve(t, t.TempDir(), flags...)
	first.must("org", "create", "acme", "--owner", "ada")
	first.must("member", "add", "bob", "--org", "acme", "--name", "Bob Example")
	data := t.TempDir()
	_, said, code := roster(append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, flags...)...)
	assert.Equal(t, exitRefused, code)
	assert.Contains(t, said, "Of several nodes, all need the same one")
	assert.NoFileExists(t, filepath.Join(data, masterKeyFile))
	require.NoError(t, os.WriteFile(filepath.Join(data, masterKeyFile), []byte(read(t, filepath.Join(first.data, masterKeyFile))), 0o600))
	second := serve(t, data, flags...)
	assert.Contains(t, second.must("member", "show", "bob", "--org", "acme"), "Bob Example")
}
