package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

// TestFirstStart begins with nothing, ends in order, and finds everything again.
func TestFirstStart(t *testing.T) {
	t.Parallel()
	data := filepath.Join(t.TempDir(), "data")
	h := serve(t, data)
	info, err := os.Stat(filepath.Join(data, "root.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the root key: %v, %v", info, err)
	}
	h.must("org", "create", "acme", "--owner", "ada")
	h.must("project", "create", "apollo", "--org", "acme", "--actor", "ada")
	said := h.must("explain", "ada", "apollo", "--org", "acme")
	assert.Contains(t, said, "ada is owner on apollo: as its creator")
	if code := h.stop(); code != exitOK {
		t.Fatalf("stopped with exit code %d:\n%s", code, h.log)
	}
	if _, err := os.Stat(filepath.Join(data, "serve.json")); err == nil {
		t.Error("a stopped server still says where it is")
	}
	if _, said, code := roster("--data", data, "status"); code != exitUnreachable || !strings.Contains(said, "roster serve") {
		t.Errorf("asked a stopped server: exit code %d, %s", code, said)
	}
	h = serve(t, data)
	if log := h.log.String(); !strings.Contains(log, "msg=loaded commits=2 of=2") {
		t.Errorf("after the restart, it says of the ledger:\n%s", log)
	}
	assert.Equal(t, said, h.must("explain", "ada", "apollo", "--org", "acme"), "the restart changed the answer")
	if list := h.must("org", "list", "--actor", "ada"); !strings.Contains(list, "acme") {
		t.Errorf("after the restart, ada's organizations: %s", list)
	}
}

func TestSignalStopsInOrder(t *testing.T) {
	t.Parallel()
	h, _ := launch(t, t.TempDir(), "--database", pgtest.New(t))
	h.must("org", "create", "acme")
	if code := h.stop(); code != exitOK {
		t.Errorf("exit code %d:\n%s", code, h.log)
	}
}

func TestOneServerADirectory(t *testing.T) {
	t.Parallel()
	h := serve(t, t.TempDir(), "--database", pgtest.New(t))
	_, said, code := h.roster("serve", "--listen", "127.0.0.1:0")
	if code != exitFailed || !strings.Contains(said, "another process works here") {
		t.Errorf("a second server: exit code %d, %s", code, said)
	}
	h.must("status")
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
		if code != exitFailed || !strings.Contains(said, says) {
			t.Errorf("VERSION %q: exit code %d, %s", text, code, said)
		}
		if read(t, name) != text {
			t.Errorf("VERSION %q was changed", text)
		}
	}
}

// TestLostLedgerIsRefused serves a ledger, then another one with the same database.
func TestLostLedgerIsRefused(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.New(t)
	h := serve(t, data, "--database", database)
	h.must("import", story)
	h.stop()
	require.NoError(t, os.Rename(filepath.Join(data, "nats"), filepath.Join(data, "elsewhere")))
	_, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--database", database)
	if code != exitFailed || !strings.Contains(said, "commits are lost") || !strings.Contains(said, "roster verify") {
		t.Errorf("exit code %d, %s", code, said)
	}
	require.NoError(t, os.RemoveAll(filepath.Join(data, "nats")))
	require.NoError(t, os.Rename(filepath.Join(data, "elsewhere"), filepath.Join(data, "nats")))
	serve(t, data, "--database", database).tells(t)
}

// TestRebuildAcceptsWhatIsLeft loses a ledger for good.
func TestRebuildAcceptsWhatIsLeft(t *testing.T) {
	t.Parallel()
	data, database := t.TempDir(), pgtest.New(t)
	h := serve(t, data, "--database", database)
	h.must("import", story)
	h.stop()
	require.NoError(t, os.RemoveAll(filepath.Join(data, "nats")))
	if _, said, code := roster("serve", "--data", data, "--listen", "127.0.0.1:0", "--database", database); code != exitFailed {
		t.Fatalf("exit code %d, %s", code, said)
	}
	if _, said, code := roster("rebuild", "--data", data, "--database", database); code != exitOK {
		t.Fatalf("exit code %d, %s", code, said)
	}
	h = serve(t, data, "--database", database)
	if said := h.must("org", "list"); strings.Contains(said, "north") {
		t.Errorf("an organization is left of a ledger that is gone: %s", said)
	}
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
		if said := h.must("verify"); !strings.Contains(said, "2 organizations") {
			t.Errorf("running %v: verified: %s", running, said)
		}
		if said := h.must("rebuild"); !strings.Contains(said, "made anew") {
			t.Errorf("running %v: rebuilt: %s", running, said)
		}
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
	b, err := startBroker(directory, true, nil)
	require.NoError(t, err)
	if _, err := b.Request("roster.ledger", []byte(`{"entries":[]}`), timeout); err != nil {
		t.Fatal(err)
	}
	b.close()
	directory.close()
	if _, said, code := h.roster("verify"); code != exitFailed || !strings.Contains(said, "breaks at position 2") {
		t.Errorf("verified: exit code %d, %s", code, said)
	}
	_, said, code := h.roster("serve", "--listen", "127.0.0.1:0", "--database", there.Database)
	if code != exitFailed || !strings.Contains(said, "breaks at position 2") {
		t.Errorf("served: exit code %d, %s", code, said)
	}
}
