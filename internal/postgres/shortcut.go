package postgres

import (
	"errors"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
)

// longestSocket is what the address of a Unix socket holds, in bytes: 103 on
// macOS, 107 on Linux.
const longestSocket = 103

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

// shortcut is a path to the data directory that fits into a connection string:
// the directory itself, or a link to it in a private temporary directory.
type shortcut struct {
	path   string
	record string   // file that keeps the temporary directory's name
	dir    *os.File // temporary directory, locked: cleaners leave it alone
}

func makeShortcut(data, record string) (*shortcut, error) {
	s := &shortcut{path: data, record: record}
	if err := s.removeRecorded(); err != nil {
		return nil, err
	}
	fits := len(filepath.Join(data, ".s.PGSQL."+port)) <= longestSocket
	if fits && !strings.Contains(data, ",") { // a comma would separate hosts
		return s, nil
	}
	temp, err := os.MkdirTemp("", "roster-")
	if err != nil {
		return nil, err
	}
	s.path = filepath.Join(temp, "data")
	if s.dir, err = os.Open(temp); err == nil {
		err = errors.Join(hold(s.dir), os.WriteFile(record, []byte(temp), 0o600), os.Symlink(data, s.path))
	}
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(temp), s.remove())
	}
	return s, nil
}

// remove takes the temporary directory away, if there is one.
func (s *shortcut) remove() error {
	if s == nil || s.dir == nil {
		return nil
	}
	err := errors.Join(s.removeRecorded(), s.dir.Close())
	s.dir = nil
	return err
}

// removeRecorded also finds what a killed process left.
func (s *shortcut) removeRecorded() error {
	temp, err := os.ReadFile(s.record)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, path := range []string{filepath.Join(string(temp), "data"), string(temp), s.record} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
