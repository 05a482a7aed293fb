package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
	"github.com/seed-2026d078/roster/natsserver"
)

// TestFirstStart begins with nothing, ends in order, and finds everything again.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	h := serve(t, data)
	info, err := os.Stat(filepath.Join(data, "root.key"))
	require.NoError(t, err)
	assert.EqualValues(t, 0o600, info.Mode().Perm())
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("project", "create", "apollo", "--org", "acme", "--actor", "ada")
	said := h.must("explain", "ada", "apollo", "--org", "acme")
	assert.Contains(t, said, "ada is owner on apollo: as its creator")
	require.Zero(t, h.stop(), "%s", h.log)
	_, err = os.Stat(filepath.Join(data, "serve.json"))
	assert.Error(t, err, "a stopped server still says where it is")
	_, refusal, code := roster("--data", data, "status")
	assert.Equal(t, exitUnreachable, code, "exit code")
	assert.Contains(t, refusal, "roster serve")
	h = serve(t, data)
	assert.Contains(t, h.log.String(), "msg=loaded commits=2 of=2", "the log after the restart")
	assert.Equal(t, said, h.must("explain", "ada", "apollo", "--org", "acme"), "the restart changed the answer")
	assert.Contains(t, h.must("org", "list", "--actor", "ada"), "acme", "the organizations after the restart")
}

func TestSignalStopsInOrder(t *testing.T) {
	t.Parallel()
	h, _ := launch(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme")
	assert.Zero(t, h.stop(), "%s", h.log)
}

func TestOneServerADirectory(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	_, said, code := h.roster("serve", "--listen", "127.0.0.1:0")
	assert.Equal(t, exitError, code, "exit code")
	assert.Contains(t, said, "another process works here")
	h.must("status")
}

// TestClosedDirectoryIsFree has a copy of the file with the lock, as a program has one that is being started.
func TestClosedDirectoryIsFree(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	first, err := openDataDirectory(data)
	require.NoError(t, err)
	copied, err := syscall.Dup(int(first.lock.Fd()))
	require.NoError(t, err)
	defer func() { _ = syscall.Close(copied) }()
	first.close()
	second, err := openDataDirectory(data)
	require.NoError(t, err)
	second.close()
}

func TestNewerDataIsRefused(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	name := filepath.Join(data, "VERSION")
	for text, says := range map[string]string{
		fmt.Sprintln(dataFormat + 1): "written by a newer Roster",
		"three\n":                    "no data directory of Roster",
	} {
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		_, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0")
		assert.Equal(t, exitError, code, "VERSION %q", text)
		assert.Contains(t, said, says, "VERSION %q", text)
		assert.Equal(t, text, read(t, name), "VERSION %q was changed", text)
	}
}

// TestNewerEventStopsAnOlderServer has a ledger to which a newer version appends while the server
// runs.
//
//roster:fault a newer version writes what a running server does not know | the server stops, and says that a newer version wrote it; the ledger is whole
func TestNewerEventStopsAnOlderServer(t *testing.T) {
	t.Parallel()
	nats := bustest.Server(t)
	h := serve(t, t.TempDir(), "--database", pgtest.New(t), "--nats", nats.URL(), "--allow-unsynced-ledger")
	h.must("org", "create", "acme", "--owner", "ada")
	text, err := events.Encode(events.Commit{Entries: []events.Entry{{Organization: "acme", Version: 2, Events: events.Facts{events.MemberRemoved{Member: "ada"}}}}})
	require.NoError(t, err)
	newer := bytes.Replace(text, []byte("membership.removed.v1"), []byte("membership.juggled.v9"), 1)
	require.NotEqual(t, text, newer)
	_, err = bustest.Connect(t, nats).RequestWithContext(t.Context(), "roster.ledger", newer)
	require.NoError(t, err)
	until(t, "the server has ended", func() bool { return strings.Contains(h.log.String(), events.ErrNewer.Error()) })
	assert.Equal(t, exitRefused, h.stop(), "exit code")
}

// TestLostLedgerIsRefused serves a ledger, then starts without it, or without the keys, or
// without anything but the data directory itself. No new ledger is begun.
//
//roster:fault the ledger is gone | `serve` refuses, and begins no other
func TestLostLedgerIsRefused(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.New(t)
	h := serve(t, data, "--database", database)
	h.must("import", story)
	h.stop()
	streams := filepath.Join("nats", "jetstream", "$G", "streams")
	for _, lost := range []string{"nats", filepath.Join(streams, "LEDGER"), filepath.Join(streams, "KV_roster_keys")} {
		part := filepath.Join(data, lost)
		require.NoError(t, os.Rename(part, filepath.Join(data, "elsewhere")))
		for _, in := range []string{database, pgtest.New(t)} {
			_, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--database", in)
			assert.Equal(t, exitRefused, code, "%s: exit code", lost)
			assert.Contains(t, said, "held a stream, and is gone or empty", lost)
			assert.NoDirExists(t, part)
		}
		require.NoError(t, os.Rename(filepath.Join(data, "elsewhere"), part))
	}

	// Only the database knows.
	part, elsewhere := filepath.Join(data, "nats"), filepath.Join(data, "elsewhere")
	require.NoError(t, os.Rename(part, elsewhere))
	require.NoError(t, os.Remove(filepath.Join(data, markFile)))
	_, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--database", database)
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, said, "held a stream, and is gone or empty")
	assert.NoDirExists(t, part)
	require.NoError(t, os.Rename(elsewhere, part))
	serve(t, data, "--database", database).tells(t)
}

// TestAnotherServersLedgerIsRefused names a NATS server that keeps no ledger, then one that
// keeps another one.
//
//roster:fault the ledger is that of another server | `serve` refuses
func TestAnotherServersLedgerIsRefused(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	h := serve(t, data, "--database", pgtest.New(t))
	h.must("import", story)
	h.stop()
	server := bustest.Server(t)
	for _, says := range []string{"keeps no ledger", "marked position"} {
		_, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--database", pgtest.New(t),
			"--nats", server.URL(), "--allow-unsynced-ledger")
		assert.Equal(t, exitRefused, code, "exit code")
		assert.Contains(t, said, says)
		bustest.Open(t, bustest.Connect(t, server))
	}
}

// TestUnreadableLedgerIsLeftAlone makes a file of the ledger, or of the keys, one that cannot
// be opened. Then nothing is served, and once the file is back, everything is.
//
//roster:fault a file of the ledger cannot be read | `serve` refuses, and changes nothing
func TestUnreadableLedgerIsLeftAlone(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.New(t)
	h := serve(t, data, "--database", database)
	h.must("import", story)
	h.stop()
	for _, stream := range []string{"LEDGER", "KV_roster_keys"} {
		block := filepath.Join(data, "nats", "jetstream", "$G", "streams", stream, "msgs", "1.blk")
		aside := filepath.Join(data, "aside")
		require.NoError(t, os.Rename(block, aside))
		require.NoError(t, os.Symlink("nothing", block))
		for _, command := range [][]string{{"serve", "--listen", "127.0.0.1:0", "--database", database}, {"rebuild", "--database", database}} {
			_, said, code := h.roster(command...)
			assert.Equal(t, exitRefused, code, "%s: exit code", command[0])
			assert.Contains(t, said, block, command[0])
			assert.Contains(t, said, "is a symbolic link", command[0])
		}
		require.NoError(t, os.Rename(aside, block))
	}
	serve(t, data, "--database", database).tells(t)
}

// TestOlderLedgerIsAcceptedByRebuild brings back an older copy of the ledger and the keys. The
// data directory and the database know a newer one, each by itself.
func TestOlderLedgerIsAcceptedByRebuild(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.New(t)
	nats, older := filepath.Join(data, "nats"), filepath.Join(data, "older")
	h := serve(t, data, "--database", database)
	h.must("org", "create", "acme")
	h.stop()
	require.NoError(t, os.CopyFS(older, os.DirFS(nats)))
	h = serve(t, data, "--database", database)
	h.must("org", "create", "globex")
	until(t, "the database has the commit", func() bool { return strings.Contains(h.must("org", "list"), "globex") })
	h.stop()
	require.NoError(t, os.RemoveAll(nats))
	require.NoError(t, os.Rename(older, nats))

	_, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--database", pgtest.New(t))
	require.Equal(t, exitRefused, code, said)
	assert.Contains(t, said, "ends at position 1, and position 2 has been read")
	assert.Contains(t, said, "The data directory marked position 2")
	assert.Contains(t, said, "roster rebuild")
	require.NoError(t, os.Rename(filepath.Join(data, "ledger.json"), filepath.Join(data, "aside")))
	_, said, code = roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--database", database)
	require.Equal(t, exitRefused, code, said)
	assert.Contains(t, said, "the database do not belong together")
	require.NoError(t, os.Rename(filepath.Join(data, "aside"), filepath.Join(data, "ledger.json")))

	_, said, code = roster("rebuild", "--data", data, "--database", database)
	require.Zero(t, code, said)
	h = serve(t, data, "--database", database)
	listed := h.must("org", "list")
	assert.Contains(t, listed, "acme")
	assert.NotContains(t, listed, "globex", "an organization is left that the ledger does not have")
}

// TestBeginningAnew begins with nothing, in a new data directory, since a ledger is lost for good. The
// database that has seen it must be another one, too.
func TestBeginningAnew(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.New(t)
	h := serve(t, t.TempDir(), "--database", database)
	h.must("import", story)
	h.stop()
	_, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--database", database)
	require.Equal(t, exitRefused, code, said)
	assert.Contains(t, said, "with an empty database")
	_, said, code = roster("rebuild", "--data", data, "--database", database)
	require.NotZero(t, code, said)
	h = serve(t, data, "--database", pgtest.New(t))
	assert.NotContains(t, h.must("org", "list"), "north", "an organization is left of a ledger that is gone")
}

// TestVerifyAndRebuild works beside a running server, and without one.
func TestVerifyAndRebuild(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir())
	h.must("import", story)
	for _, running := range []bool{true, false} {
		if !running {
			h.stop()
		}
		assert.Contains(t, h.must("verify"), "2 organizations", "running %v: verified", running)
		assert.Contains(t, h.must("rebuild"), "made anew", "running %v: rebuilt", running)
	}
	serve(t, h.data).tells(t)
}

// TestBrokenLedgerIsNamed puts a message into the stream that no Roster wrote.
func TestBrokenLedgerIsNamed(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme")
	there, err := locate(h.data)
	require.NoError(t, err)
	h.stop()
	directory, err := openDataDirectory(h.data)
	require.NoError(t, err)
	b, err := startBroker(directory, natsserver.Config{Unsynced: true})
	require.NoError(t, err)
	_, err = b.Request("roster.ledger", []byte(`{"entries":[]}`), timeout)
	require.NoError(t, err)
	b.close()
	directory.close()
	_, said, code := h.roster("verify")
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, said, "breaks at position 2")
	_, said, code = h.roster("serve", "--listen", "127.0.0.1:0", "--database", there.Database)
	assert.Equal(t, exitRefused, code, "exit code")
	assert.Contains(t, said, "breaks at position 2")
}
