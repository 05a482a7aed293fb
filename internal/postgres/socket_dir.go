package postgres

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// maxSocketPath is the longest path of a Unix socket in bytes: 103 on macOS, 107 on
// Linux.
const maxSocketPath = 103

// socketURL returns the connection string of a database behind the socket in
// dir.
func socketURL(dir, database string) string {
	return (&url.URL{
		Scheme:   "postgres",
		User:     url.User(superuser),
		Path:     "/" + database,
		RawQuery: url.Values{"host": {dir}, "port": {port}, "sslmode": {"disable"}}.Encode(),
	}).String()
}

// socketDir is a path to the data directory, which holds the socket, that is short
// enough for a socket's address: the data directory itself, or a symbolic link to it
// in a private temporary directory.
type socketDir struct {
	path     string
	linkFile string   // file that keeps the temporary directory's name
	dir      *os.File // temporary directory; locked, so that cleaners leave it alone
}

func makeSocketDir(data, linkFile string) (*socketDir, error) {
	s := &socketDir{path: data, linkFile: linkFile}
	if err := s.removeLeftLink(); err != nil {
		return nil, err
	}
	fits := len(filepath.Join(data, ".s.PGSQL."+port)) <= maxSocketPath
	if fits && !strings.Contains(data, ",") { // a comma would separate hosts
		return s, nil
	}
	temp, err := os.MkdirTemp("", "roster-")
	if err != nil {
		return nil, err
	}
	s.path = filepath.Join(temp, "data")
	if s.dir, err = os.Open(temp); err == nil {
		err = errors.Join(lockExclusively(s.dir), os.WriteFile(linkFile, []byte(temp), 0o600), os.Symlink(data, s.path))
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp), s.remove())
	}
	return s, nil
}

// remove deletes the temporary directory, if there is one.
func (s *socketDir) remove() error {
	if s == nil || s.dir == nil {
		return nil
	}
	err := errors.Join(s.removeLeftLink(), s.dir.Close())
	s.dir = nil
	return err
}

// removeLeftLink deletes the temporary directory that linkFile names, also one that a
// killed process has left.
func (s *socketDir) removeLeftLink() error {
	temp, err := os.ReadFile(s.linkFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, path := range []string{filepath.Join(string(temp), "data"), string(temp), s.linkFile} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
