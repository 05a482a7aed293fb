package postgres

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

var (
	// ErrNotInstalled reports that there are no PostgreSQL programs to run.
	ErrNotInstalled = errors.New("PostgreSQL is not installed")

	// ErrVersion reports data of another major version than the programs.
	ErrVersion = errors.New("data of another PostgreSQL version")
)

// oldestMajor is the first version whose CREATE DATABASE has a STRATEGY.
const oldestMajor = 15

// programs is one installation of PostgreSQL.
type programs struct {
	bin   string // directory of initdb and postgres
	major int
}

func (p programs) path(name string) string { return filepath.Join(p.bin, name) }

// findPrograms returns the programs for data of a major version, or the first ones
// found if version is 0. It downloads programs only if none are installed.
func (c *Cluster) findPrograms(ctx context.Context, version int) (programs, error) {
	var found []programs
	for _, bin := range binDirs() {
		if p, ok := c.inspect(ctx, bin); ok && p.major >= oldestMajor {
			found = append(found, p)
		}
	}
	if len(found) == 0 {
		p, err := c.download(ctx)
		if err != nil {
			return programs{}, fmt.Errorf("%w: install version %d or newer "+
				"(Debian: apt install postgresql; Fedora: dnf install postgresql-server postgresql-contrib; "+
				"macOS: brew install postgresql@18) or name a running server with --database; "+
				"the download failed: %w", ErrNotInstalled, oldestMajor, err)
		}
		found = append(found, p)
	}
	if version == 0 {
		return found[0], nil
	}
	for _, p := range found {
		if p.major == version {
			return p, nil
		}
	}
	return programs{}, fmt.Errorf("%w: PostgreSQL %d made %s, this machine has PostgreSQL %d: "+
		"install PostgreSQL %d, or move the directory away and have the read models rebuilt",
		ErrVersion, version, c.data, found[0].major, version)
}

// inspect asks the programs in a directory for their version, as the account that
// will run them. It returns false if they are missing or do not run.
func (c *Cluster) inspect(ctx context.Context, bin string) (programs, bool) {
	p := programs{bin: bin}
	if _, err := os.Stat(p.path("initdb")); err != nil {
		return p, false
	}
	output, err := c.account.command(ctx, p.path("postgres"), "--version").Output()
	if err != nil {
		return p, false
	}
	words := strings.Fields(string(output)) // postgres (PostgreSQL) 15.4 ...
	if len(words) < 3 {
		return p, false
	}
	p.major = leadingNumber(words[2])
	return p, true
}

// binDirs lists directories that may hold the programs: the one in PATH first, then
// the others, newest version first.
func binDirs() []string {
	var bins []string
	if postgres, err := exec.LookPath("postgres"); err == nil {
		if real, err := filepath.EvalSymlinks(postgres); err == nil {
			bins = append(bins, filepath.Dir(real))
		}
	}
	var others []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",         // Debian
		"/usr/pgsql-*/bin",                  // Red Hat, from postgresql.org
		"/usr/libexec/postgresql*",          // Alpine
		"/opt/homebrew/opt/postgresql*/bin", // Homebrew on ARM
		"/usr/local/opt/postgresql*/bin",    // Homebrew on Intel
		"/Applications/Postgres.app/Contents/Versions/*/bin",
	} {
		matches, _ := filepath.Glob(pattern) // fails only on a malformed pattern
		others = append(others, matches...)
	}
	slices.SortStableFunc(others, newestFirst)
	return append(bins, others...)
}

// newestFirst compares by the version in the path.
func newestFirst(a, b string) int {
	return cmp.Compare(versionIn(b), versionIn(a))
}

func versionIn(path string) int {
	start := strings.IndexAny(path, "0123456789")
	if start < 0 {
		return 0
	}
	return leadingNumber(path[start:])
}

// leadingNumber reads 18 from 18beta1 or 18.3; 0 means that there is none.
func leadingNumber(text string) int {
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(text)
	}
	number, _ := strconv.Atoi(text[:end])
	return number
}
