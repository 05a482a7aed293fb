package postgres

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// ErrInUse reports that a cluster already runs in the directory.
var ErrInUse = errors.New("a cluster already runs here")

// lock takes the file for this process. The kernel gives it back however the
// process ends.
func lock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	if err := hold(file); err != nil {
		holder, _ := io.ReadAll(file)
		_ = file.Close()
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		return nil, fmt.Errorf("%w: process %s holds %s, stop it or use another directory",
			ErrInUse, strings.TrimSpace(string(holder)), filepath.Dir(path))
	}
	if err := errors.Join(file.Truncate(0), note(file)); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

func hold(file *os.File) error {
	return syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// note tells whoever finds the file locked whom to ask.
func note(file *os.File) error {
	_, err := fmt.Fprintln(file, os.Getpid())
	return err
}
