package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	embedded "github.com/fergusstrange/embedded-postgres"
)

const (
	downloadVersion = embedded.V18
	downloadFrom    = "https://repo1.maven.org/maven2"
)

// download returns the programs in the cache, which all clusters share. It downloads
// them the first time.
func (c *Cluster) download(ctx context.Context) (programs, error) {
	cache, err := cacheDir()
	if err != nil {
		return programs{}, err
	}
	dir := filepath.Join(cache, "postgresql-"+string(downloadVersion))
	if p, ok := c.inspect(ctx, filepath.Join(dir, "bin")); ok {
		return p, nil
	}
	c.log.InfoContext(ctx, "PostgreSQL is not installed, downloading it",
		"version", string(downloadVersion), "from", downloadFrom)
	if err := fetch(dir, downloadFrom); err != nil {
		return programs{}, err
	}
	p, ok := c.inspect(ctx, filepath.Join(dir, "bin"))
	if !ok {
		return programs{}, fmt.Errorf("the programs in %s do not run here", dir)
	}
	return p, nil
}

// cacheDir returns a directory that the account of PostgreSQL can read. Root's own
// cache is not readable to that account.
func cacheDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/cache/roster", nil
	}
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "roster"), err
}

// fetch downloads the programs into dir. The library offers the download only as a
// part of Start, and keeps the programs in BinariesPath, whole or not at all. Whether
// its own server starts does not matter here: it cannot as root, nor on port 0.
func fetch(dir, repository string) error {
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil { //nolint:gosec // PostgreSQL may run as another account
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), "download-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) //nolint:errcheck // leaves at most an unused directory
	unpacked := filepath.Join(temp, "programs")
	failed := embedded.NewDatabase(embedded.DefaultConfig().
		Version(downloadVersion).
		BinaryRepositoryURL(repository).
		CachePath(filepath.Join(temp, "archive")).
		RuntimePath(filepath.Join(temp, "runtime")).
		DataPath(filepath.Join(temp, "data")).
		BinariesPath(unpacked).
		Port(0).
		Logger(io.Discard)).Start()
	if _, err := os.Stat(filepath.Join(unpacked, "bin", "initdb")); err != nil {
		return fmt.Errorf("download the programs: %w", errors.Join(failed, err))
	}
	err = os.Rename(unpacked, dir)
	if _, missing := os.Stat(filepath.Join(dir, "bin")); missing == nil {
		return nil // another process may have been faster
	}
	return err
}
