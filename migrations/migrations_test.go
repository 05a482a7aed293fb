package migrations

import (
	"database/sql"
	"errors"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m, nil) }

func TestUpMakesTheSchema(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	for range 2 { // the second time changes nothing
		require.NoError(t, Up(t.Context(), url))
	}
	db := open(t, url)
	assert.Equal(t, 1, count(t, db, "SELECT count(*) FROM pg_namespace WHERE nspname = 'roster'"), "schemas named roster")
	assert.Equal(t, 2, count(t, db, "SELECT count(*) FROM pg_extension WHERE extname IN ('pg_trgm', 'btree_gin')"), "extensions")
	assert.Equal(t, 1, count(t, db, "SELECT public.similarity('ada', 'ada')::int"), "similarity")
}

func TestProgramsThatStartTogetherDoNotCollide(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	var together sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		together.Go(func() { errs[i] = Up(t.Context(), url) })
	}
	together.Wait()
	assert.NoError(t, errors.Join(errs...))
	files, err := fs.Glob(files, "sql/*.sql")
	require.NoError(t, err)
	applied := count(t, open(t, url), "SELECT count(*) FROM public.roster_migrations WHERE version_id > 0")
	assert.Equal(t, len(files), applied, "applied migrations, each once")
}

func TestNewerDatabaseIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	newer := fstest.MapFS{
		"00001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE a ();\n")},
		"90001_b.sql": {Data: []byte("-- +goose Up\nCREATE TABLE b ();\n")},
	}
	require.NoError(t, up(t.Context(), url, newer))
	err := Up(t.Context(), url)
	require.ErrorIs(t, err, ErrNewer, "Up on a newer database")
	assert.Contains(t, err.Error(), "90001", "does not name the version of the database")
	assert.Zero(t, count(t, open(t, url), "SELECT count(*) FROM pg_namespace WHERE nspname = 'roster'"), "the refused database was changed")
}

func TestFailedMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	broken := fstest.MapFS{
		"00001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE a ();\nSELECT 1/0;\n")},
	}
	require.Error(t, up(t.Context(), url, broken), "a broken migration succeeded")
	assert.Zero(t, count(t, open(t, url), "SELECT count(*) FROM pg_tables WHERE tablename = 'a'"), "half of the migration stayed")
	assert.NoError(t, Up(t.Context(), url), "the next migration")
}

func TestMissingExtensionIsNamed(t *testing.T) {
	t.Parallel()
	err := checkExtensions(t.Context(), open(t, pgtest.New(t)), "pg_trgm", "no_such_extension")
	require.ErrorIs(t, err, ErrExtension)
	text := err.Error()
	assert.Contains(t, text, "no_such_extension", "names the wrong extensions")
	assert.NotContains(t, text, "pg_trgm", "names the wrong extensions")
}

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func count(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	require.NoError(t, db.QueryRowContext(t.Context(), query).Scan(&n))
	return n
}

// TestTablesElsewhere makes the read models in another schema as rebuilding does,
// and finds the same there as in the first.
func TestTablesElsewhere(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	require.NoError(t, Up(t.Context(), url))
	db := open(t, url)
	db.SetMaxOpenConns(1) // one session, one search path
	require.NotEmpty(t, Tables(), "there is nothing to make")
	require.NotEmpty(t, Indexes(), "there is nothing to make")
	for _, statements := range append(append([]string{"CREATE SCHEMA elsewhere; SET search_path = elsewhere, public"}, Tables()...), Indexes()...) {
		_, err := db.ExecContext(t.Context(), statements)
		require.NoError(t, err)
	}
	for what, query := range map[string]string{
		"columns":   `SELECT table_name, column_name, data_type, collation_name, is_nullable FROM information_schema.columns WHERE table_schema = $1`,
		"indexes":   `SELECT indexname, replace(indexdef, schemaname || '.', '') FROM pg_indexes WHERE schemaname = $1`,
		"functions": `SELECT proname FROM pg_proc WHERE pronamespace = $1::regnamespace`,
	} {
		both := "SELECT count(*) FROM (" + query + ") a"
		assert.NotZero(t, count(t, db, strings.ReplaceAll(both, "$1", "'roster'")), "no %s in roster", what)
		differ := strings.ReplaceAll(query, "$1", "'roster'") + " EXCEPT " + strings.ReplaceAll(query, "$1", "'elsewhere'")
		assert.Zero(t, count(t, db, "SELECT count(*) FROM ("+differ+") a"), "%s of roster are missing elsewhere", what)
	}
}
