package mail

import (
	"context"
	"errors"
	"os"
	"path/filepath"
)

// Directory keeps mails as files instead of sending them, for development. The files hold names, addresses and secrets in the clear.
type Directory struct{ dir string }

// NewDirectory returns a directory, which it makes if it is not there.
func NewDirectory(dir string) (*Directory, error) {
	return &Directory{dir}, os.MkdirAll(dir, 0o700)
}

// fileTime is how the name of a file begins, so that files are in the order of what happened.
const fileTime = "20060102T150405.000Z"

func (d *Directory) session() session { return d }

// send writes a mail into a file that its owner alone can read. Written again, it replaces itself.
func (d *Directory) send(_ context.Context, m *message) (err error) {
	temp, err := os.CreateTemp(d.dir, ".new-*") // readable by its owner alone
	if err == nil {
		_, err = m.WriteTo(temp)
		err = errors.Join(err, temp.Close())
		if err == nil {
			err = os.Rename(temp.Name(), filepath.Join(d.dir, m.made.UTC().Format(fileTime)+"-"+m.id+".eml"))
		}
		if err != nil {
			err = errors.Join(err, os.Remove(temp.Name()))
		}
	}
	if err != nil {
		return &failure{reason: "the file of the mail cannot be written", unreachable: err}
	}
	return nil
}

func (d *Directory) close() {}
