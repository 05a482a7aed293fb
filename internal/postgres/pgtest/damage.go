package pgtest

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pageSize is that of every server whose build does not change it, in bytes.
const pageSize = 8192

// Damage returns the connection string of a copy of a database, to which nobody may be
// connected. The first page of a table, and of each of its indexes, is garbage there.
func Damage(t testing.TB, url, table string) string {
	t.Helper()
	return changed(t, url, table, func(path string) {
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		require.NoError(t, err)
		_, err = file.WriteAt(bytes.Repeat([]byte{0xa5}, pageSize), 0)
		require.NoError(t, err)
		require.NoError(t, file.Close())
	})
}

// RemoveFiles is like [Damage]; the files of the table and of its indexes are gone.
func RemoveFiles(t testing.TB, url, table string) string {
	t.Helper()
	return changed(t, url, table, func(path string) { require.NoError(t, os.Remove(path)) })
}

// changed copies a database, and changes the files of a table in the copy. In the database
// itself the server has read some of them already, and would not read them again.
func changed(t testing.TB, url, table string, change func(path string)) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	require.NoError(t, err)
	url = copyOf(t, config.Database)
	for _, path := range files(t, url, table) {
		change(path)
	}
	return url
}

// files returns the paths of the files of a table and of its indexes.
func files(t testing.TB, url, table string) []string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { assert.NoError(t, conn.Close(context.WithoutCancel(t.Context()))) }()
	s, err := server.start()
	require.NoError(t, err)
	rows, err := conn.Query(t.Context(), `SELECT pg_relation_filepath($1::text::regclass)
		UNION SELECT pg_relation_filepath(indexrelid) FROM pg_index WHERE indrelid = $1::text::regclass`, table)
	require.NoError(t, err)
	paths, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	for i := range paths {
		paths[i] = filepath.Join(s.dir, "data", paths[i])
	}
	return paths
}
