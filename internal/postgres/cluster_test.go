package postgres

import (
	"context"
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
		assert.Equal(t, want, ask(t, second, query), query)
	}
	assert.Equal(t, second.URL(), first.URL(), "the URL changed")
}

func TestDirectoryBelongsToOneCluster(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	first := start(t, Config{Dir: dir, Disposable: true})
	_, err := Start(t.Context(), Config{Dir: dir})
	require.ErrorIs(t, err, ErrInUse)
	assert.Contains(t, err.Error(), strconv.Itoa(os.Getpid()), "does not name process")
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
	require.NoError(t, err2)
	for _, version := range []string{"PostgreSQL 9 ", "PostgreSQL " + strconv.Itoa(found.major)} {
		assert.Contains(t, err.Error(), version)
	}
}

func TestForeignDirectoryIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	precious := filepath.Join(dir, "data", "thesis.txt")
	write(t, precious, "draft")
	_, err := Start(t.Context(), Config{Dir: dir, Disposable: true})
	require.Error(t, err, "started in a directory of something else")
	_, err = os.Stat(precious)
	assert.NoError(t, err, "after the refused start")
}

func TestLongPathIsReachable(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "with, comma", strings.Repeat("long", 30))
	c := start(t, Config{Dir: dir, Disposable: true})
	assert.Equal(t, "well", ask(t, c, "SELECT 'well'"))
	link := c.socketDir.path
	_, err := os.Lstat(link)
	assert.NoError(t, err, "there is no link to the socket")
	stop(t, c)
	_, err = os.Lstat(filepath.Dir(link))
	assert.ErrorIs(t, err, os.ErrNotExist, "the temporary directory stays")
}
