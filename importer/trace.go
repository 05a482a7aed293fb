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

// LineError says what is wrong with a line of a file: of a trace, or of a list of people.
type LineError struct {
	// Number counts lines from 1.
	Number int
	Err    error
	// Started says that the lines before it were imported: they were if a rule refused the
	// line. A file with a line that cannot be read, or means nothing, is not begun.
	Started bool
}

func (e *LineError) Error() string {
	done := "nothing was imported"
	if e.Started && e.Number > 1 {
		done = "everything before it is imported"
	}
	return fmt.Sprintf("line %d: %v; %s: mend the line and import again", e.Number, e.Err, done)
}

func (e *LineError) Unwrap() error { return e.Err }

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

// readLine reads a line and validates what all lines have.
func readLine(text []byte, before line) (line, error) {
	var l line
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
