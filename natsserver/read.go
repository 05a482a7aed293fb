package natsserver

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/minio/highwayhash"
)

// ErrNoStream says that a directory has no such stream.
var ErrNoStream = errors.New("there is no such stream here")

// ErrDamaged says that a record of a stream cannot be read, or is not there. [Salvage] reads
// the others.
var ErrDamaged = errors.New("the stream is damaged")

// Read calls take with every message of a stream, in the order of the sequence, with its
// number in it and its subject. It reads the files of a server that does not run, and writes nothing. A server
// that starts would truncate a damaged file, or delete it. After a start that was cut off, it
// reads what the next one brings back.
//
// Read fails with [ErrNoStream], with a [*StoreError] at the first record that is damaged, or
// with the error of take. A record at the very end that was not written completely is no
// error: it was never acknowledged, and a server drops it. A message is valid until take
// returns.
func Read(dir, stream string, take func(sequence uint64, subject string, message []byte) error) error {
	r := blockReader{take: take}
	return r.readAll(secondNamesIn(dir).directory(stream), stream)
}

// listBlocks returns the blocks of a directory in the order in which they were written.
func listBlocks(dir string) ([]block, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: %w", dir, ErrNoStream)
	}
	if err != nil {
		return nil, err
	}
	var blocks []block
	for _, entry := range entries {
		if number, ok := blockNumber(entry.Name()); ok {
			blocks = append(blocks, block{filepath.Join(dir, entry.Name()), number})
		}
	}
	if len(blocks) == 0 {
		return nil, fmt.Errorf("%s: %w", dir, ErrNoStream)
	}
	slices.SortFunc(blocks, func(a, b block) int { return cmp.Compare(a.number, b.number) })
	return blocks, nil
}

// The layout of a record: its length, sequence, time and the length of its subject, then the
// subject, the length of the headers if there are some, the headers, the message and a
// checksum. The highest bits tell what a record is.
const (
	recordHeader   = 4 + 8 + 8 + 2
	recordChecksum = highwayhash.Size64
	withHeaders    = 1 << 31 // of the length
	erased         = 1 << 63 // of the sequence
	tombstone      = 1 << 62 // of the sequence: it names a message that was removed
)

var errIncomplete = errors.New("the record is not complete")

// blockReader is how far the blocks of a stream are read.
type blockReader struct {
	take            func(sequence uint64, subject string, message []byte) error
	removed         func(sequence uint64)    // gets the message that a tombstone names; may be nil
	skip            func(damage *StoreError) // gets damage that is passed over; nil ends at the first
	buffer          bytes.Buffer
	last, tombstone uint64
}

// readAll reads the blocks of a stream in the directory of that stream.
func (r *blockReader) readAll(dir, stream string) error {
	blocks, err := listBlocks(filepath.Join(dir, "msgs"))
	if err != nil {
		return err
	}
	for i, b := range blocks {
		if err := r.read(stream, b, i == len(blocks)-1); err != nil {
			return err
		}
	}
	if r.tombstone > r.last {
		return r.damaged(&StoreError{Path: filepath.Dir(blocks[0].path), Err: ErrDamaged, Problem: fmt.Sprintf(
			"holds messages up to %d, and the server knew of %d: bring back the newest copy of the directory", r.last, r.tombstone)})
	}
	return nil
}

// damaged returns the damage, unless it is to be passed over.
func (r *blockReader) damaged(damage *StoreError) error {
	if r.skip == nil {
		return damage
	}
	r.skip(damage)
	return nil
}

// read reads a block.
func (r *blockReader) read(stream string, b block, isLast bool) error {
	file, err := os.Open(b.path)
	if err != nil {
		return inaccessible(b.path, err)
	}
	defer file.Close()
	r.buffer.Reset()
	if _, err := r.buffer.ReadFrom(file); err != nil {
		return inaccessible(b.path, err)
	}
	key := sha256.Sum256(fmt.Appendf(nil, "%s-%d", stream, b.number))
	sum, err := highwayhash.New64(key[:])
	if err != nil {
		return err
	}
	for rest := r.buffer.Bytes(); len(rest) > 0; {
		next, size, err := decodeRecord(rest, sum)
		if err != nil {
			sound := 1 + findRecord(rest[1:], sum)
			atEnd := isLast && sound == len(rest)
			if atEnd && torn(rest, err) {
				return nil
			}
			if err := r.damaged(damagedRecord(b.path, r.buffer.Len()-len(rest), r.last, atEnd, err)); err != nil {
				return err
			}
			rest = rest[sound:]
			continue
		}
		rest = rest[size:]
		switch {
		case next.sequence&tombstone != 0:
			r.tombstone = max(r.tombstone, next.sequence&^tombstone)
			if r.removed != nil {
				r.removed(next.sequence &^ tombstone)
			}
		case next.sequence&erased != 0:
			r.last = max(r.last, next.sequence&^erased)
		case next.sequence == 0:
		default:
			r.last = next.sequence
			if err := r.take(next.sequence, next.subject, next.message); err != nil {
				return err
			}
		}
	}
	return nil
}

// damagedRecord says what is wrong with a record. That at the very end may not have been written completely.
func damagedRecord(path string, at int, after uint64, atEnd bool, err error) *StoreError {
	problem := fmt.Sprintf("is damaged at byte %d, after message %d: %v: bring back a copy of the directory", at, after, err)
	if atEnd {
		problem += "; if there is none: nothing follows, so if the power failed while this was being written, nobody was told that it is there"
	}
	return &StoreError{Path: path, Err: fmt.Errorf("%w: %w", ErrDamaged, err), Problem: problem}
}

// torn reports whether a record that cannot be decoded was not written completely. A power loss may
// leave its first part alone, or zeros in place of the others. The checksum of a record comes last.
func torn(rest []byte, err error) bool {
	return errors.Is(err, errIncomplete) || bytes.HasSuffix(rest, make([]byte, recordChecksum))
}

// findRecord returns where the first sound record begins, or the length of the bytes if there is none.
func findRecord(in []byte, sum hash.Hash64) int {
	for at := range in {
		if _, _, err := decodeRecord(in[at:], sum); err == nil {
			return at
		}
	}
	return len(in)
}

type record struct {
	sequence uint64
	subject  string
	message  []byte
}

// decodeRecord decodes the record with which the bytes begin, and returns its length.
func decodeRecord(from []byte, sum hash.Hash64) (record, int, error) {
	if len(from) < recordHeader {
		return record{}, 0, errIncomplete
	}
	little := binary.LittleEndian
	length := little.Uint32(from)
	size, subject := int(length&^withHeaders), int(little.Uint16(from[20:]))
	if size < recordHeader+subject+recordChecksum {
		return record{}, 0, errors.New("the record has no length that a record can have")
	}
	if size > len(from) {
		return record{}, 0, errIncomplete
	}
	end := size - recordChecksum
	body, headers := from[recordHeader+subject:end], 0
	if length&withHeaders != 0 {
		if len(body) < 4 || len(body)-4 < int(little.Uint32(body)) {
			return record{}, 0, errors.New("the record has headers longer than itself")
		}
		headers, body = int(little.Uint32(body)), body[4:]
	}
	sum.Reset()
	sum.Write(from[4:20])
	sum.Write(from[recordHeader : recordHeader+subject])
	sum.Write(body)
	if !bytes.Equal(sum.Sum(nil), from[end:size]) {
		return record{}, 0, errors.New("the checksum of the record is another one")
	}
	return record{little.Uint64(from[4:]), string(from[recordHeader : recordHeader+subject]), body[headers:]}, size, nil
}
