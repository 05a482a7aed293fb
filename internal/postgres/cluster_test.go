package postgres

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestDataSurvivesARestart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// As an initdb leaves it that was killed.
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "data.new", "base"), 0o700))
	first := start(t, Config{Dir: dir})
	run(t, first, "CREATE TABLE kept AS SELECT 42 AS n")
	stop(t, first)
	stop(t, first) // again does nothing

	second := start(t, Config{Dir: dir, Settings: map[string]string{"work_mem": "5MB"}})
	for query, want := range map[string]string{
		"SELECT n::text FROM kept":        "42",
		"SHOW work_mem":                   "5MB",
		"SHOW fsync":                      "on",
		"SHOW data_checksums":             "on",
		"SHOW listen_addresses":           "",
		"SHOW server_encoding":            "UTF8",
		"SHOW lc_collate":                 "C",
		"SELECT current_database()::text": "roster",
	} {
		if got := ask(t, second, query); got != want {
			t.Errorf("%s = %q, want %q", query, got, want)
		}
	}
	if first.URL() != second.URL() {
		t.Errorf("the URL changed from %s to %s", first.URL(), second.URL())
	}
}

func TestDirectoryBelongsToOneCluster(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	first := start(t, Config{Dir: dir, Disposable: true})
	_, err := Start(t.Context(), Config{Dir: dir})
	require.ErrorIs(t, err, ErrInUse)
	if pid := strconv.Itoa(os.Getpid()); !strings.Contains(err.Error(), pid) {
		t.Errorf("%q does not name process %s", err, pid)
	}
	assert.Equal(t, "well", ask(t, first, "SELECT 'well'"))
	stop(t, first)
	start(t, Config{Dir: dir})
}

func TestCutOffStopLosesNothing(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	first := start(t, Config{Dir: dir})
	run(t, first, "CREATE TABLE kept AS SELECT 42 AS n")
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, first.Stop(ended), context.Canceled)
	second := start(t, Config{Dir: dir})
	assert.Equal(t, "42", ask(t, second, "SELECT n::text FROM kept"))
}

func TestFailedStartShowsTheLog(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	_, err := Start(t.Context(), Config{Dir: dir, Disposable: true, Settings: map[string]string{"work_mem": "a lot"}})
	require.Error(t, err)
	assert.Contains(t, err.Error(), `invalid value for parameter "work_mem"`)
	start(t, Config{Dir: dir, Disposable: true}) // nothing is in the way
}

func TestOtherVersionIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "data", "PG_VERSION"), "9.6\n")
	_, err := Start(t.Context(), Config{Dir: dir})
	require.ErrorIs(t, err, ErrVersion)
	found, err2 := (&Cluster{log: slog.New(slog.DiscardHandler)}).findPrograms(t.Context(), 0)
	if err2 != nil {
		t.Fatal(err2)
	}
	for _, version := range []string{"PostgreSQL 9 ", "PostgreSQL " + strconv.Itoa(found.major)} {
		assert.Contains(t, err.Error(), version)
	}
}

func TestForeignDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	precious := filepath.Join(dir, "data", "thesis.txt")
	write(t, precious, "draft")
	if _, err := Start(t.Context(), Config{Dir: dir, Disposable: true}); err == nil {
		t.Fatal("started in a directory of something else")
	}
	if _, err := os.Stat(precious); err != nil {
		t.Errorf("after the refused start: %v", err)
	}
}

func TestLongPathIsReachable(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "with, comma", strings.Repeat("long", 30))
	c := start(t, Config{Dir: dir, Disposable: true})
	assert.Equal(t, "well", ask(t, c, "SELECT 'well'"))
	link := c.socketDir.path
	if _, err := os.Lstat(link); err != nil {
		t.Errorf("there is no link to the socket: %v", err)
	}
	stop(t, c)
	if _, err := os.Lstat(filepath.Dir(link)); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the temporary directory stays: %v", err)
	}
}
