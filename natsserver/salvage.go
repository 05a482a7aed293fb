package natsserver

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
)

// Message is a message of a stream.
type Message struct {
	Sequence uint64
	Subject  string
	Data     []byte
}

// Salvage is like [Read] for a stream that may be damaged: it passes over what cannot be read, and
// returns the newest message of every subject that can, in the order of the sequence. Messages that were
// removed are not among them. It also returns the first damage, nil if there is none. If
// [Replace] was cut off, it reads the stream that was being replaced.
//
// Salvage fails with [ErrNoStream] if there is neither, and with a [*StoreError] if a file
// cannot be opened.
func Salvage(dir, stream string) (found []Message, damage *StoreError, err error) {
	newest, removed := map[string]Message{}, map[uint64]bool{}
	r := blockReader{
		take: func(sequence uint64, subject string, message []byte) error {
			newest[subject] = Message{sequence, subject, slices.Clone(message)}
			return nil
		},
		removed: func(sequence uint64) { removed[sequence] = true },
		skip: func(met *StoreError) {
			if damage == nil {
				damage = met
			} else {
				damage.More++
			}
		},
	}
	at := secondNamesIn(dir).directory(stream)
	replaced := replacedIn(dir, stream)
	if exists(replaced) && !exists(at) {
		at = replaced
		damage = &StoreError{Path: replaced, Problem: "was being replaced", Err: ErrDamaged}
	}
	if err := r.readAll(at, stream); err != nil {
		return nil, nil, err
	}
	for _, message := range newest {
		if !removed[message.Sequence] {
			found = append(found, message)
		}
	}
	slices.SortFunc(found, func(a, b Message) int { return cmp.Compare(a.Sequence, b.Sequence) })
	return found, damage, nil
}

// Replace makes a stream anew in a directory that no server uses. The function gets a connection
// to a server with no streams, and makes the stream there. The old stream is kept; Replace
// returns the directory to which it was moved.
//
// The new stream is on the disk as a whole before it takes the place of the old one. If Replace
// fails or is cut off, there is the old stream, or none, or the new one; Replace can be
// repeated with what [Salvage] returns then.
func Replace(dir, stream string, fill func(*nats.Conn) error) (kept string, err error) {
	if err := errors.Join(secondNamesIn(dir).restore(), keepReplaced(dir)); err != nil {
		return "", err
	}
	fresh := filepath.Join(dir, "replacement")
	if err := os.RemoveAll(fresh); err != nil {
		return "", err
	}
	if err = fillServer(fresh, fill); err == nil {
		err = syncTree(fresh)
	}
	if err != nil {
		return "", errors.Join(err, os.RemoveAll(fresh))
	}
	streams, replaced := filepath.Join(dir, streamsDirectory), replacedIn(dir, stream)
	old := filepath.Join(streams, stream)
	if exists(old) {
		if err := os.Rename(old, replaced); err != nil {
			return "", err
		}
	}
	if err := errors.Join(syncFile(dir), os.Rename(filepath.Join(fresh, streamsDirectory, stream), old), syncFile(streams)); err != nil {
		return "", err
	}
	kept, err = keep(dir, stream)
	return kept, errors.Join(err, os.RemoveAll(fresh))
}

const replacedPrefix = "replaced-"

// replacedIn returns where the old stream is until the new one is in its place.
func replacedIn(dir, stream string) string { return filepath.Join(dir, replacedPrefix+stream) }

// keep gives a stream that was replaced the name under which it stays.
func keep(dir, stream string) (string, error) {
	kept := filepath.Join(dir, "damaged-"+stream+"-"+time.Now().UTC().Format("20060102T150405.000Z"))
	return kept, errors.Join(os.Rename(replacedIn(dir, stream), kept), syncFile(dir))
}

// unfinished fails with [ErrDamaged] if a call of [Replace] was cut off before the new stream was in its place.
func unfinished(dir string, held []string) error {
	found, err := filepath.Glob(replacedIn(dir, "*"))
	if err != nil {
		return err
	}
	for _, path := range found {
		if stream := strings.TrimPrefix(filepath.Base(path), replacedPrefix); !slices.Contains(held, stream) {
			return &StoreError{Path: path, Problem: "is a damaged stream that was being replaced when that was cut off: do it again", Err: ErrDamaged}
		}
	}
	return nil
}

// keepReplaced completes calls of [Replace] that were cut off after the new stream was in its place.
// Later, when that stream is lost, nobody takes the old one for the one to read.
func keepReplaced(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, entry := range entries {
		stream, is := strings.CutPrefix(entry.Name(), replacedPrefix)
		if !is || !exists(filepath.Join(dir, streamsDirectory, stream)) {
			continue
		}
		if _, err := keep(dir, stream); err != nil {
			return err
		}
	}
	return nil
}

// fillServer starts a server on a new directory for a function, and stops it.
func fillServer(dir string, fill func(*nats.Conn) error) error {
	server, err := Start(Config{Dir: dir, Unsynced: true})
	if err != nil {
		return err
	}
	defer server.Shutdown()
	nc, err := server.Connect()
	if err != nil {
		return err
	}
	defer nc.Close()
	return fill(nc)
}

// syncTree syncs a directory and everything below it.
func syncTree(dir string) error {
	return filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return syncFile(path)
	})
}

// syncFile makes a file, or the names in a directory, survive a power loss.
func syncFile(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(file.Sync(), file.Close())
}

func exists(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}
