package pgtest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	Main(m, func(ctx context.Context, url string) error {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "CREATE TABLE people (name text PRIMARY KEY)")
		return errors.Join(err, conn.Close(ctx))
	})
}

func TestDatabasesAreSeparate(t *testing.T) {
	t.Parallel()
	for i := range 4 {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			conn := connect(t, New(t))
			_, err := conn.Exec(t.Context(), "INSERT INTO people VALUES ('ada')")
			require.NoError(t, err)
			var n int
			require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM people").Scan(&n))
			assert.Equal(t, 1, n, "people")
		})
	}
}

func TestDatabaseIsDroppedAfterTheTest(t *testing.T) {
	t.Parallel()
	var url string
	var open *pgx.Conn // forgotten by the test
	t.Run("user", func(t *testing.T) {
		url = New(t)
		var err error
		open, err = pgx.Connect(t.Context(), url)
		require.NoError(t, err)
	})
	assert.Error(t, open.Ping(t.Context()), "the connection outlives the database")
	conn, err := pgx.Connect(t.Context(), url)
	if !assert.Error(t, err, "the database is still there") {
		_ = conn.Close(t.Context())
	}
}

func TestProcessLeavesNothingBehind(t *testing.T) {
	t.Parallel()
	// Below the test's own directory the path of a socket would be too long.
	temp, err := os.MkdirTemp("", "") //nolint:usetesting // see above
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, os.RemoveAll(temp)) })
	dead := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^$")
	require.NoError(t, dead.Run())
	for _, pid := range []int{dead.Process.Pid, os.Getpid()} {
		killed := filepath.Join(temp, fmt.Sprintf("%s%d-1", prefix, pid), "data")
		require.NoError(t, os.MkdirAll(killed, 0o700))
	}
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestDatabasesAreSeparate$")
	child.Env = append(os.Environ(), "TMPDIR="+temp)
	output, err := child.CombinedOutput()
	require.NoError(t, err, string(output))
	left, err := filepath.Glob(filepath.Join(temp, "*"))
	require.NoError(t, err)
	living := filepath.Join(temp, fmt.Sprintf("%s%d-1", prefix, os.Getpid()))
	require.Len(t, left, 1, "more is left than the directory of the living process")
	assert.Equal(t, living, left[0], "more is left than the directory of the living process")
}

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.WithoutCancel(t.Context())) })
	return conn
}
