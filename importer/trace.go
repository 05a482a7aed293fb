package importer

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
)

// Trace is a file with the history of another system.
type Trace struct {
	// Source names the history: a part of the SHA-256 of its first line.
	Source string
	// Size and Offset are in bytes of the file, the latter where reading is.
	Size, Offset int64

	file  *os.File
	in    *bufio.Reader
	first []byte
}

// Open opens a trace, compressed with gzip or not.
func Open(path string) (*Trace, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t := &Trace{file: file}
	if err := t.start(); err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), file.Close())
	}
	return t, nil
}

// Close closes the file.
func (t *Trace) Close() error { return t.file.Close() }

// start begins to read the file from its beginning.
func (t *Trace) start() error {
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	if _, err := t.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	t.Size, t.Offset = info.Size(), 0
	t.in = bufio.NewReader(counter{t})
	if magic, err := t.in.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		unpacked, err := gzip.NewReader(t.in)
		if err != nil {
			return err
		}
		t.in = bufio.NewReader(unpacked)
	}
	if mark, err := t.in.Peek(len(byteOrderMark)); err == nil && string(mark) == byteOrderMark {
		_, _ = t.in.Discard(len(byteOrderMark)) // it is there
	}
	t.first, err = t.in.ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	sum := sha256.Sum256(bytes.TrimRight(t.first, "\r\n"))
	t.Source = hex.EncodeToString(sum[:6])
	return nil
}

// byteOrderMark is what some editors write before UTF-8.
const byteOrderMark = "\ufeff"

// counter reads the file, and counts its bytes in Offset.
type counter struct{ *Trace }

func (c counter) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	c.Offset += int64(n)
	return n, err
}

// lines yields one line after the other, each validated against the one before it; a
// broken one comes with a [*LineError] and is the last.
func (t *Trace) lines() iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		var before line
		var err error
		for number, text := 1, t.first; len(text) > 0; number++ {
			if len(bytes.TrimSpace(text)) > 0 {
				l, err := readLine(text, before)
				if err != nil {
					yield(line{}, &LineError{Number: number, Err: err})
					return
				}
				l.number = number
				if !yield(l, nil) {
					return
				}
				before = l
			}
			if text, err = t.in.ReadBytes('\n'); err != nil && !errors.Is(err, io.EOF) {
				yield(line{}, &LineError{Number: number + 1, Err: err})
				return
			}
		}
	}
}

// validate reads the whole file, and then begins anew. It fails if a line cannot be read or
// means nothing, so that such a file is not imported up to that line.
func (t *Trace) validate() error {
	teams, empty := teamNames{}, true
	for l, err := range t.lines() {
		if err != nil {
			return err
		}
		empty = false
		if _, err := translate(l, teams); err != nil {
			return &LineError{Number: l.number, Err: err}
		}
	}
	if empty {
		return errors.New("the file is empty; nothing was imported")
	}
	return t.start()
}
