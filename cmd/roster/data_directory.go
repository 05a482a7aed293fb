package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// dataFormat numbers the layout of the data directory. A program reads its own
// and older ones.
const dataFormat = 1

// dataDirectory is the data directory of one server:
//
//	VERSION     the number of its layout
//	lock        held while a process works in it
//	root.key    what opens the API
//	root.key.sha256 its hash at the last start
//	master.key  what wraps the keys to personal data, unless it is elsewhere
//	serve.json  where the running server is
//	ledger.json a commit that the ledger has
//	nats/       the ledger, unless it is elsewhere
//	postgres/   the read models, unless they are elsewhere
type dataDirectory struct {
	dir  string
	lock *os.File
}

// errInUse says that another process works in a data directory.
var errInUse = errors.New("another process works here")

// openDataDirectory makes the directory where there is none and holds it until close.
func openDataDirectory(dir string) (*dataDirectory, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, notWritable(dir, err)
	}
	d := &dataDirectory{dir: dir}
	err := d.checkVersion()
	if errors.Is(err, fs.ErrNotExist) {
		if err = write(d.path("VERSION"), strconv.Itoa(dataFormat)+"\n"); err != nil {
			return nil, notWritable(dir, err)
		}
	}
	if err != nil {
		return nil, err
	}
	if err := d.hold(os.O_RDWR | os.O_CREATE); err != nil {
		return nil, err
	}
	return d, nil
}

func notWritable(dir string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return err // the caller says what to do
	}
	return fmt.Errorf("the data directory %s cannot be made or written: let this user write there, or name another one with --data (%w)", dir, err)
}

// findDataDirectory holds a directory as far as it is one already, and writes nothing.
func findDataDirectory(dir string) (*dataDirectory, error) {
	d := &dataDirectory{dir: dir}
	if err := d.checkVersion(); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err := d.hold(os.O_RDONLY); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return d, nil
}

func (d *dataDirectory) path(name string) string { return filepath.Join(d.dir, name) }

// hold takes the lock, which the kernel gives back however the process ends.
func (d *dataDirectory) hold(flags int) error {
	lock, err := os.OpenFile(d.path("lock"), flags, 0o600)
	if err != nil {
		return err
	}
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		_ = lock.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return fmt.Errorf("%s: %w: stop it, or use another directory with --data", d.dir, errInUse)
		}
		return fmt.Errorf("lock %s: %w", d.dir, err)
	}
	d.lock = lock
	return nil
}

// close gives the lock back, also where a program that another goroutine is starting has a copy of the file for a moment.
func (d *dataDirectory) close() {
	if d.lock != nil {
		_ = syscall.Flock(int(d.lock.Fd()), syscall.LOCK_UN)
		_ = d.lock.Close()
	}
}

// checkVersion fails if this program cannot read the directory, and with [fs.ErrNotExist] if
// it has no version yet.
func (d *dataDirectory) checkVersion() error {
	text, err := os.ReadFile(d.path("VERSION"))
	if err != nil {
		return err
	}
	found, err := strconv.Atoi(strings.TrimSpace(string(text)))
	switch {
	case err != nil || found < 1:
		return fmt.Errorf("%s holds %q where the number of a data format belongs: this is no data directory of Roster, or it is damaged",
			d.path("VERSION"), text)
	case found > dataFormat:
		return fmt.Errorf("%s was written by a newer Roster, in data format %d; this one knows formats up to %d: upgrade it, or use another directory with --data",
			d.dir, found, dataFormat)
	}
	return nil
}

// rootKeyHash returns the SHA-256 of the root key, which is made at first.
func (d *dataDirectory) rootKeyHash() ([sha256.Size]byte, error) {
	key, err := readKey(d.dir)
	if errors.Is(err, fs.ErrNotExist) {
		key = rand.Text()
		err = write(d.path("root.key"), key+"\n")
	}
	return sha256.Sum256([]byte(key)), err
}

const keyHashFile = "root.key.sha256"

// warnOfKey warns if others can read the root key, or if it is another one than at the last
// start. It keeps the hash of the key for the next one.
func (d *dataDirectory) warnOfKey(ctx context.Context, hash [sha256.Size]byte, log *slog.Logger) error {
	name := d.path("root.key")
	info, err := os.Stat(name)
	if err != nil {
		return err
	}
	const others = 0o077
	if mode := info.Mode().Perm(); mode&others != 0 {
		log.WarnContext(ctx, "others can read the root key, which opens everything: make it private (chmod 600), and if somebody may have read it, remove it, and the next start makes a new one",
			"file", name, "mode", mode)
	}
	text := hex.EncodeToString(hash[:]) + "\n"
	before, err := os.ReadFile(d.path(keyHashFile))
	switch {
	case err == nil && string(before) == text:
		return nil
	case err == nil:
		log.WarnContext(ctx, "the root key is another one than at the last start: clients that have the old one are refused; if nobody of yours replaced it, find out who did", "file", name)
	case !errors.Is(err, fs.ErrNotExist):
		return err
	}
	return write(d.path(keyHashFile), text)
}

// readKey returns the root key of a data directory.
func readKey(dir string) (string, error) {
	name := filepath.Join(dir, "root.key")
	text, err := os.ReadFile(name)
	if err != nil {
		return "", err
	}
	key := strings.TrimSpace(string(text))
	if err := checkKeyLength(key); err != nil {
		return "", fmt.Errorf("%s: %w: remove the file, and the next start makes a new key", name, err)
	}
	return key, nil
}

// minKey is the least length of a root key: one that serve makes has 26 characters, of 5 bits each.
const minKey = 16

// checkKeyLength fails if a root key is so short that it can be guessed.
func checkKeyLength(key string) error {
	if len(key) < minKey {
		return fmt.Errorf("a root key has at least %d characters, not %d", minKey, len(key))
	}
	return nil
}

// write replaces a private file and syncs it. After a crash, the file has the whole old
// text or the whole new one.
func write(name, text string) error {
	temp, err := os.CreateTemp(filepath.Dir(name), filepath.Base(name)+".*")
	if err != nil {
		return err
	}
	_, err = temp.WriteString(text)
	if err = errors.Join(err, temp.Sync(), temp.Close()); err == nil {
		err = os.Rename(temp.Name(), name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp.Name()))
	}
	return syncDirectory(filepath.Dir(name))
}

// syncDirectory makes the names in a directory survive a power loss.
func syncDirectory(dir string) error {
	opened, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(opened.Sync(), opened.Close())
}
