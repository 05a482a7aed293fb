package postgres

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// seedDir is made by TestMain.
var seedDir string

// seed makes a stopped cluster that most tests copy, because initdb is slow.
var seed = sync.OnceValue(func() error {
	ctx := context.Background()
	c, err := Start(ctx, Config{Dir: seedDir, Disposable: true})
	if err != nil {
		return err
	}
	return c.Stop(ctx)
})

func TestMain(m *testing.M) {
	if os.Getenv(childDir) != "" {
		m.Run() // will be killed, so it must not make a directory
		return
	}
	var err error
	if seedDir, err = os.MkdirTemp("", "roster-seed-"); err != nil {
		panic(err)
	}
	m.Run()
	if err := os.RemoveAll(seedDir); err != nil {
		panic(err)
	}
}

// seeded returns a directory with a copy of the seed. Its files belong to
// whoever runs the test, as in a restored backup.
func seeded(t *testing.T) string {
	t.Helper()
	require.NoError(t, seed())
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(seedDir)))
	return dir
}

func start(t *testing.T, config Config) *Cluster {
	t.Helper()
	config.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	c, err := Start(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() {
		assert.NoError(t, c.Stop(context.WithoutCancel(t.Context())))
	})
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	require.NoError(t, c.Stop(t.Context()))
}

func run(t *testing.T, c *Cluster, sql string) {
	t.Helper()
	require.NoError(t, execute(t.Context(), c.URL(), sql))
}

func ask(t *testing.T, c *Cluster, query string) string {
	t.Helper()
	value, err := lookup(t.Context(), c.URL(), query)
	require.NoError(t, err)
	return value
}

func lookup(ctx context.Context, url, query string) (value string, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, query).Scan(&value)
	return value, errors.Join(err, conn.Close(ctx))
}

func write(t *testing.T, path, content string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}
