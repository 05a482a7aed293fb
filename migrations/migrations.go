// Package migrations creates the tables in a database, and upgrades older ones.
package migrations

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

// ErrNewer reports a database that a newer program has migrated.
var ErrNewer = errors.New("the database is newer than this program")

// ErrExtension reports that the server has no files for an extension.
var ErrExtension = errors.New("PostgreSQL lacks an extension")

// table keeps the versions. It stands outside of the schema roster, which is
// replaced as a whole when read models are rebuilt.
const table = "public.roster_migrations"

//go:embed sql/*.sql
var files embed.FS

// Tables returns the SQL that makes the read models without their indexes, in the
// first schema of the search path, file by file.
func Tables() []string { return contents("sql/*_tables.sql") }

// Indexes returns the SQL that makes the indexes of the read models, table by
// table; those of different tables may be made side by side.
func Indexes() []string {
	var paragraphs []string
	for _, file := range contents("sql/*_indexes.sql") {
		_, statements, _ := strings.Cut(file, "-- +goose Up\n")
		paragraphs = append(paragraphs, strings.Split(strings.TrimSpace(statements), "\n\n")...)
	}
	return paragraphs
}

func contents(pattern string) []string {
	names, err := fs.Glob(files, pattern)
	if err != nil {
		panic(err) // the patterns are ours
	}
	var all []string
	for _, name := range names {
		text, err := files.ReadFile(name)
		if err != nil {
			panic(err) // it was just found
		}
		all = append(all, string(text))
	}
	return all
}

// Empties reports whether Up empties the read models of a database that has been migrated before.
func Empties(ctx context.Context, conn *pgx.Conn) (empties bool, err error) {
	names, err := fs.Glob(files, "sql/*_anew.sql")
	if err != nil || len(names) == 0 {
		return false, err
	}
	last, err := goose.NumericComponent(names[len(names)-1])
	if err != nil {
		return false, fmt.Errorf("migrations: %w", err)
	}
	err = conn.QueryRow(ctx, `SELECT coalesce(max(version_id), 0) < $1 FROM `+table+` WHERE is_applied`, last).Scan(&empties)
	return empties, err
}

// Up applies the migrations that the database behind the connection string has
// not seen yet. Of programs that start together one migrates while the others
// wait. It fails with ErrNewer or ErrExtension if a person must act.
func Up(ctx context.Context, url string) error {
	steps, err := fs.Sub(files, "sql")
	if err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	if err := up(ctx, url, steps); err != nil {
		return fmt.Errorf("migrations: %w", err)
	}
	return nil
}

func up(ctx context.Context, url string, steps fs.FS) (err error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return err
	}
	// Read models are made in the schema that the search path names first, so that
	// rebuilding can make them in another one.
	config.RuntimeParams["search_path"] = "roster, public"
	db := stdlib.OpenDB(*config)
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := checkExtensions(ctx, db, "pg_trgm", "btree_gin"); err != nil {
		return err
	}
	alone, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600)) // seconds, tries
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(database.DialectPostgres, db, steps,
		goose.WithTableName(table), goose.WithSessionLocker(alone), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		return err
	}
	if err := checkVersion(ctx, provider); err != nil {
		return err
	}
	_, err = provider.Up(ctx)
	return err
}

// checkVersion fails if the schema of the database is newer than this program.
func checkVersion(ctx context.Context, provider *goose.Provider) error {
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	if known := sources[len(sources)-1].Version; have > known {
		return fmt.Errorf("%w: it has schema version %d, this program knows %d: run the newer program",
			ErrNewer, have, known)
	}
	return nil
}

// checkExtensions fails if CREATE EXTENSION would fail, with an error that says what to
// do.
func checkExtensions(ctx context.Context, db *sql.DB, needed ...string) error {
	var missing string
	err := db.QueryRowContext(ctx, `
		SELECT coalesce(string_agg(needed, ', '), '')
		FROM unnest($1::text[]) AS needed
		WHERE needed NOT IN (SELECT name FROM pg_available_extensions)`,
		needed).Scan(&missing)
	if err != nil {
		return err
	}
	if missing != "" {
		return fmt.Errorf("%w: %s: install the contrib package of the server "+
			"(Debian: part of postgresql-NN; Fedora: postgresql-contrib; Alpine: postgresqlNN-contrib)",
			ErrExtension, missing)
	}
	return nil
}
