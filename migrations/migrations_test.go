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

	"github.com/seed-2026d078/roster/internal/postgres/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m, nil) }

func TestUpMakesTheSchema(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	for range 2 { // the second time changes nothing
		if err := Up(t.Context(), url); err != nil {
			t.Fatal(err)
		}
	}
	db := open(t, url)
	if got := count(t, db, "SELECT count(*) FROM pg_namespace WHERE nspname = 'roster'"); got != 1 {
		t.Errorf("schemas named roster: %d, want 1", got)
	}
	if got := count(t, db, "SELECT count(*) FROM pg_extension WHERE extname IN ('pg_trgm', 'btree_gin')"); got != 2 {
		t.Errorf("extensions: %d, want 2", got)
	}
	if got := count(t, db, "SELECT public.similarity('ada', 'ada')::int"); got != 1 {
		t.Errorf("similarity = %d, want 1", got)
	}
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
	if err := errors.Join(errs...); err != nil {
		t.Error(err)
	}
	files, err := fs.Glob(files, "sql/*.sql")
	if err != nil {
		t.Fatal(err)
	}
	applied := count(t, open(t, url), "SELECT count(*) FROM public.roster_migrations WHERE version_id > 0")
	if applied != len(files) {
		t.Errorf("applied %d migrations, want %d, each once", applied, len(files))
	}
}

func TestNewerDatabaseIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	newer := fstest.MapFS{
		"00001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE a ();\n")},
		"90001_b.sql": {Data: []byte("-- +goose Up\nCREATE TABLE b ();\n")},
	}
	if err := up(t.Context(), url, newer); err != nil {
		t.Fatal(err)
	}
	err := Up(t.Context(), url)
	if !errors.Is(err, ErrNewer) {
		t.Fatalf("Up on a newer database: %v, want ErrNewer", err)
	}
	if !strings.Contains(err.Error(), "90001") {
		t.Errorf("%q does not name the version of the database", err)
	}
	if got := count(t, open(t, url), "SELECT count(*) FROM pg_namespace WHERE nspname = 'roster'"); got != 0 {
		t.Error("the refused database was changed")
	}
}

func TestFailedMigrationLeavesNothing(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	broken := fstest.MapFS{
		"00001_a.sql": {Data: []byte("-- +goose Up\nCREATE TABLE a ();\nSELECT 1/0;\n")},
	}
	if err := up(t.Context(), url, broken); err == nil {
		t.Fatal("a broken migration succeeded")
	}
	if got := count(t, open(t, url), "SELECT count(*) FROM pg_tables WHERE tablename = 'a'"); got != 0 {
		t.Error("half of the migration stayed")
	}
	if err := Up(t.Context(), url); err != nil {
		t.Errorf("the next migration: %v", err)
	}
}

func TestMissingExtensionIsNamed(t *testing.T) {
	t.Parallel()
	err := checkExtensions(t.Context(), open(t, pgtest.New(t)), "pg_trgm", "no_such_extension")
	if !errors.Is(err, ErrExtension) {
		t.Fatalf("got %v, want ErrExtension", err)
	}
	if text := err.Error(); !strings.Contains(text, "no_such_extension") || strings.Contains(text, "pg_trgm") {
		t.Errorf("%q names the wrong extensions", text)
	}
}

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func count(t *testing.T, db *sql.DB, query string) int {
	t.Helper()
	var n int
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTablesElsewhere makes the read models in another schema as rebuilding does,
// and finds the same there as in the first.
func TestTablesElsewhere(t *testing.T) {
	t.Parallel()
	url := pgtest.New(t)
	if err := Up(t.Context(), url); err != nil {
		t.Fatal(err)
	}
	db := open(t, url)
	db.SetMaxOpenConns(1) // one session, one search path
	if len(Tables()) == 0 || len(Indexes()) == 0 {
		t.Fatal("there is nothing to make")
	}
	for _, statements := range append(append([]string{"CREATE SCHEMA elsewhere; SET search_path = elsewhere, public"}, Tables()...), Indexes()...) {
		if _, err := db.ExecContext(t.Context(), statements); err != nil {
			t.Fatal(err)
		}
	}
	for what, query := range map[string]string{
		"columns":   `SELECT table_name, column_name, data_type, collation_name, is_nullable FROM information_schema.columns WHERE table_schema = $1`,
		"indexes":   `SELECT indexname, replace(indexdef, schemaname || '.', '') FROM pg_indexes WHERE schemaname = $1`,
		"functions": `SELECT proname FROM pg_proc WHERE pronamespace = $1::regnamespace`,
	} {
		both := "SELECT count(*) FROM (" + query + ") a"
		if n := count(t, db, strings.ReplaceAll(both, "$1", "'roster'")); n == 0 {
			t.Errorf("no %s in roster", what)
		}
		differ := strings.ReplaceAll(query, "$1", "'roster'") + " EXCEPT " + strings.ReplaceAll(query, "$1", "'elsewhere'")
		if n := count(t, db, "SELECT count(*) FROM ("+differ+") a"); n != 0 {
			t.Errorf("%d %s of roster are missing elsewhere", n, what)
		}
	}
}
