package postgres

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	embedded "github.com/fergusstrange/embedded-postgres"
)

const (
	downloadVersion = embedded.V18
	downloadFrom    = "https://repo1.maven.org/maven2"
)

// download fetches programs into the cache, once for all clusters.
func (c *Cluster) download(ctx context.Context) (programs, error) {
	cache, err := cacheDir()
	if err != nil {
		return programs{}, err
	}
	home := filepath.Join(cache, "postgresql-"+string(downloadVersion))
	if p, ok := c.examine(ctx, filepath.Join(home, "bin")); ok {
		return p, nil
	}
	c.log.InfoContext(ctx, "PostgreSQL is not installed, downloading it",
		"version", string(downloadVersion), "from", downloadFrom)
	if err := fetch(home, downloadFrom); err != nil {
		return programs{}, err
	}
	p, ok := c.examine(ctx, filepath.Join(home, "bin"))
	if !ok {
		return programs{}, fmt.Errorf("the programs in %s do not run here", home)
	}
	return p, nil
}

// cacheDir must be open to the account that root runs PostgreSQL as, which
// root's own cache is not.
func cacheDir() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/cache/roster", nil
	}
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "roster"), err
}

// fetch unpacks the programs into home. The library only fetches in order to
// start a server of its own, on a TCP port and not as root: so it is given a
// data directory that no server can start on, and is done for us when its
// server complains. It takes no context.
func fetch(home, repository string) error {
	if err := os.MkdirAll(filepath.Dir(home), 0o755); err != nil { //nolint:gosec // PostgreSQL may run as another account
		return err
	}
	temp, err := os.MkdirTemp(filepath.Dir(home), "download-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) //nolint:errcheck // leaves at most an unused directory
	data := filepath.Join(temp, "data")
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	// As if initialized, by a version that the library compares by prefix.
	if err := os.WriteFile(filepath.Join(data, "PG_VERSION"), []byte(downloadVersion), 0o600); err != nil {
		return err
	}
	var complaint bytes.Buffer
	err = embedded.NewDatabase(embedded.DefaultConfig().
		Version(downloadVersion).
		BinaryRepositoryURL(repository).
		CachePath(filepath.Join(temp, "archive")).
		RuntimePath(filepath.Join(temp, "runtime")).
		BinariesPath(filepath.Join(temp, "programs")).
		DataPath(data).
		Port(0).
		Logger(&complaint)).Start()
	if complaint.Len() == 0 {
		return fmt.Errorf("fetch and unpack the programs: %w", err)
	}
	err = os.Rename(filepath.Join(temp, "programs"), home)
	if _, missing := os.Stat(filepath.Join(home, "bin")); missing == nil {
		return nil // another process may have been faster
	}
	return err
}
