package postgres

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNewestFirst(t *testing.T) {
	t.Parallel()
	bins := []string{
		"/usr/lib/postgresql/9.6/bin",
		"/opt/homebrew/opt/postgresql/bin",
		"/usr/lib/postgresql/18/bin",
		"/opt/homebrew/opt/postgresql@17/bin",
	}
	slices.SortStableFunc(bins, newestFirst)
	want := []string{
		"/usr/lib/postgresql/18/bin",
		"/opt/homebrew/opt/postgresql@17/bin",
		"/usr/lib/postgresql/9.6/bin",
		"/opt/homebrew/opt/postgresql/bin",
	}
	assert.Equal(t, want, bins)
}

func TestDownloadedProgramsRun(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // the library leaves logs there
	xz, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("needs xz to pack an archive")
	}
	archive := packed(t, xz, map[string]string{
		"bin/postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) 18.3'\n",
		"bin/initdb":   "#!/bin/sh\n",
		"bin/pg_ctl":   "#!/bin/sh\necho no database here >&2\nexit 1\n",
	})
	repository := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".jar") {
			_, _ = w.Write(archive)
			return
		}
		http.NotFound(w, r)
	}))
	t.Cleanup(repository.Close)
	home := filepath.Join(t.TempDir(), "postgresql")
	for range 2 { // the second finds what the first, as another process, has put there
		require.NoError(t, fetch(home, repository.URL))
	}
	c := &Cluster{log: slog.New(slog.DiscardHandler)}
	found, ok := c.inspect(t.Context(), filepath.Join(home, "bin"))
	assert.True(t, ok)
	assert.Equal(t, 18, found.major)
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(home), "download-*"))
	assert.Empty(t, left, "something is left behind")
}

func TestFailedDownloadLeavesNothing(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir()) // the library leaves logs there
	repository := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(repository.Close)
	home := filepath.Join(t.TempDir(), "postgresql")
	require.Error(t, fetch(home, repository.URL), "downloaded from an empty repository")
	left, err := os.ReadDir(filepath.Dir(home))
	require.NoError(t, err)
	assert.Empty(t, left)
}

// packed returns programs as the repository offers them: a tar.xz in a zip.
func packed(t *testing.T, xz string, programs map[string]string) []byte {
	t.Helper()
	var plain, jar bytes.Buffer
	files := tar.NewWriter(&plain)
	for name, content := range programs {
		header := &tar.Header{Name: name, Mode: 0o755, Size: int64(len(content)), Typeflag: tar.TypeReg}
		require.NoError(t, files.WriteHeader(header))
		_, err := files.Write([]byte(content))
		require.NoError(t, err)
	}
	require.NoError(t, files.Close())
	compress := exec.CommandContext(t.Context(), xz, "--stdout")
	compress.Stdin = &plain
	compressed, err := compress.Output()
	require.NoError(t, err)
	archive := zip.NewWriter(&jar)
	entry, err := archive.Create("postgres.txz")
	if err == nil {
		_, err = entry.Write(compressed)
	}
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	return jar.Bytes()
}
