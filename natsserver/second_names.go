package natsserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// secondNames gives the files of the streams a second name each (a hard link) while the
// server recovers them. A server that cannot recover a stream, whatever the reason, deletes
// its directory; the files are still there under their second names then.
type secondNames struct {
	streams string // the directory of the streams
	links   string // the same files under their second names
}

// restoreAttempts bounds how often a directory is made again. A server that deleted a stream
// removes the two directories above it after its shutdown, if they are empty at that instant.
const restoreAttempts = 10

func secondNamesIn(dir string) secondNames {
	return secondNames{streams: filepath.Join(dir, streamsDirectory), links: filepath.Join(dir, "recovering")}
}

// link gives every file of some streams its second name. A file system without hard links
// is no error, and neither is one that is mounted below the directory of the server: the files
// have one name then.
func (s secondNames) link(names []string) error {
	for _, name := range names {
		err := filepath.WalkDir(filepath.Join(s.streams, name), func(path string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			below, err := filepath.Rel(s.streams, path)
			if err != nil {
				return err
			}
			if entry.IsDir() {
				return os.MkdirAll(filepath.Join(s.links, below), 0o700)
			}
			return os.Link(path, filepath.Join(s.links, below)) //nolint:gosec // whoever writes here may as well delete
		})
		if errors.Is(err, syscall.EPERM) || errors.Is(err, errors.ErrUnsupported) || errors.Is(err, syscall.EMLINK) || errors.Is(err, syscall.EXDEV) {
			return s.remove()
		}
		if err != nil {
			return errors.Join(fmt.Errorf("give the streams second names before they are touched: %w", err), s.remove())
		}
	}
	return nil
}

// directory returns where all files of a stream are: under their second names, if a start was
// cut off after the server began to delete it.
func (s secondNames) directory(name string) string {
	second := filepath.Join(s.links, name)
	if _, err := os.Stat(second); err == nil {
		if same, err := s.same(name); err == nil && same {
			return second
		}
	}
	return filepath.Join(s.streams, name)
}

// remove removes the second names.
func (s secondNames) remove() error { return os.RemoveAll(s.links) }

// restore brings back the files that were deleted since they got their second names, and
// removes those names. A stream of which there is another copy by now stays as it is.
func (s secondNames) restore() error {
	entries, err := os.ReadDir(s.links)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		err := s.restoreStream(entry.Name())
		for attempt := 1; attempt < restoreAttempts && errors.Is(err, fs.ErrNotExist); attempt++ {
			err = s.restoreStream(entry.Name())
		}
		if err != nil {
			return fmt.Errorf("bring back the stream %s from %s: %w", entry.Name(), s.links, err)
		}
	}
	return s.remove()
}

func (s secondNames) restoreStream(name string) error {
	same, err := s.same(name)
	if err != nil || !same {
		return err
	}
	return filepath.WalkDir(filepath.Join(s.links, name), func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		below, err := filepath.Rel(s.links, path)
		if err != nil {
			return err
		}
		first := filepath.Join(s.streams, below)
		if entry.IsDir() {
			return os.MkdirAll(first, 0o700)
		}
		if err := os.Link(path, first); !errors.Is(err, fs.ErrExist) { //nolint:gosec // as in link
			return err
		}
		return nil
	})
}

// same reports whether every block of a stream is one that has a second name.
func (s secondNames) same(name string) (bool, error) {
	blocks := filepath.Join(name, "msgs")
	entries, err := os.ReadDir(filepath.Join(s.streams, blocks))
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	for _, entry := range entries {
		if !strings.HasSuffix(entry.Name(), ".blk") {
			continue
		}
		first, err := os.Stat(filepath.Join(s.streams, blocks, entry.Name()))
		if err != nil {
			return false, err
		}
		second, err := os.Stat(filepath.Join(s.links, blocks, entry.Name()))
		if errors.Is(err, fs.ErrNotExist) || err == nil && !os.SameFile(first, second) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}
