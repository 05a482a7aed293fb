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
	"time"

	"github.com/go-json-experiment/json"
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

// Open opens a trace, compressed with gzip or not. Its lines can be read once.
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

func (t *Trace) start() error {
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	t.Size = info.Size()
	t.in = bufio.NewReader(counter{t})
	if magic, err := t.in.Peek(2); err == nil && magic[0] == 0x1f && magic[1] == 0x8b {
		unpacked, err := gzip.NewReader(t.in)
		if err != nil {
			return err
		}
		t.in = bufio.NewReader(unpacked)
	}
	t.first, err = t.in.ReadBytes('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	sum := sha256.Sum256(bytes.TrimRight(t.first, "\r\n"))
	t.Source = hex.EncodeToString(sum[:6])
	return nil
}

// counter reads the file and counts.
type counter struct{ *Trace }

func (c counter) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	c.Offset += int64(n)
	return n, err
}

// line is one line of a trace: what happened to an organization.
type line struct {
	Seq    uint64            `json:"seq"`
	Time   time.Time         `json:"time"`
	Commit string            `json:"commit"`
	Org    string            `json:"org"`
	Op     string            `json:"op"`
	Fields map[string]string `json:",embed"`
	// number counts the lines of the file from 1.
	number int
}

// LineError says what is wrong with a line of a trace. Everything before that line is
// imported.
type LineError struct {
	// Number counts lines from 1.
	Number int
	Err    error
}

func (e *LineError) Error() string {
	return fmt.Sprintf("line %d: %v; everything before it is imported: mend the line and import again", e.Number, e.Err)
}

func (e *LineError) Unwrap() error { return e.Err }

// lines yields one line after the other, each validated against the one before it; a
// broken one comes with a [*LineError] and is the last.
func (t *Trace) lines() iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		var before line
		for number, text := 1, t.first; len(text) > 0; number++ {
			l, err := readLine(text, before)
			if err != nil {
				yield(line{}, &LineError{number, err})
				return
			}
			l.number = number
			if !yield(l, nil) {
				return
			}
			before = l
			if text, err = t.in.ReadBytes('\n'); err != nil && !errors.Is(err, io.EOF) {
				yield(line{}, &LineError{number + 1, err})
				return
			}
		}
	}
}

// readLine reads a line and validates what all lines have.
func readLine(text []byte, before line) (line, error) {
	var l line
	if len(bytes.TrimSpace(text)) == 0 {
		return l, errors.New("it is empty")
	}
	if err := json.Unmarshal(text, &l); err != nil {
		return l, fmt.Errorf("it is not a JSON object of strings with seq and time: %w", err)
	}
	switch {
	case l.Seq != before.Seq+1:
		return l, fmt.Errorf("seq is %d where %d belongs", l.Seq, before.Seq+1)
	case l.Time.IsZero():
		return l, errors.New("time is missing")
	case l.Time.Before(before.Time):
		return l, fmt.Errorf("time goes back from %s to %s", before.Time.Format(time.RFC3339), l.Time.Format(time.RFC3339))
	case l.Commit == "":
		return l, errors.New("commit is missing")
	case l.Org == "":
		return l, errors.New("org is missing")
	case l.Op == "":
		return l, errors.New("op is missing")
	}
	return l, nil
}
