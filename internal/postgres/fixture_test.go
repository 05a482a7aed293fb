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
	if err := seed(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(seedDir)); err != nil {
		t.Fatal(err)
	}
	return dir
}

func start(t *testing.T, config Config) *Cluster {
	t.Helper()
	config.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	c, err := Start(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	return c
}

func stop(t *testing.T, c *Cluster) {
	t.Helper()
	if err := c.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func run(t *testing.T, c *Cluster, sql string) {
	t.Helper()
	if err := execute(t.Context(), c.URL(), sql); err != nil {
		t.Fatal(err)
	}
}

func ask(t *testing.T, c *Cluster, query string) string {
	t.Helper()
	answer, err := lookup(t.Context(), c.URL(), query)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func lookup(ctx context.Context, url, query string) (answer string, err error) {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return "", err
	}
	err = conn.QueryRow(ctx, query).Scan(&answer)
	return answer, errors.Join(err, conn.Close(ctx))
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}
