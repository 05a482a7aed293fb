package mail

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"github.com/seed-2026d078/roster/events"
)

// Directory keeps mails as files instead of sending them, for development: those about one organization in one directory. The files hold
// names, addresses and secrets in the clear. Its methods may be called from several goroutines.
type Directory struct {
	dir string

	mu sync.Mutex // held while files are written or removed
	// from is the state from which mails are written at least: texts that an older one had may have been erased since.
	from events.Position
}

// NewDirectory returns a directory. It is made when the first mail is written.
func NewDirectory(dir string) *Directory { return &Directory{dir: dir} }

// Path returns where it is.
func (d *Directory) Path() string { return d.dir }

// Remove removes the mails about organizations. Those that are being written, and rest on a state from before a position, are written anew.
func (d *Directory) Remove(from events.Position, organizations ...events.OrganizationID) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.from = max(d.from, from)
	for _, org := range organizations {
		if err := os.RemoveAll(d.of(org)); err != nil {
			return err
		}
	}
	all, err := os.Open(d.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(all.Sync(), all.Close()) // a power failure must not bring them back
}

// of returns where the mails about an organization are.
func (d *Directory) of(org events.OrganizationID) string { return filepath.Join(d.dir, string(org)) }

// fileTime is how the name of a file begins, so that files are in the order of what happened.
const fileTime = "20060102T150405.000Z"

func (d *Directory) session() session { return d }

// send writes a mail into a file that its owner alone can read. Written again, it replaces itself.
func (d *Directory) send(_ context.Context, m *message) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if m.position < d.from {
		return errBehind
	}
	if err := d.write(m); err != nil {
		return &failure{reason: "the file of the mail cannot be written", unreachable: err}
	}
	return nil
}

func (d *Directory) write(m *message) error {
	dir := d.of(m.organization)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".new-*") // readable by its owner alone
	if err != nil {
		return err
	}
	_, err = m.WriteTo(temp)
	err = errors.Join(err, temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), filepath.Join(dir, m.made.UTC().Format(fileTime)+"-"+m.id+".eml"))
	}
	if err != nil {
		err = errors.Join(err, os.Remove(temp.Name()))
	}
	return err
}

func (d *Directory) close() {}
