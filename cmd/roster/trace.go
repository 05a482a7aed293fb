package main

import (
	"bufio"
	"bytes"
	"cmp"
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

// line is one line of a trace: what happened to an organization elsewhere.
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

// lineError says what is wrong with a line of a trace.
type lineError struct {
	number int
	err    error
}

func (e *lineError) Error() string {
	return fmt.Sprintf("line %d: %v; everything before it is imported: mend the line and import again", e.number, e.err)
}

func (e *lineError) Unwrap() error { return e.err }

// trace reads a file of lines, compressed or not.
type trace struct {
	file *os.File
	in   *bufio.Reader
	// source stands for the history: the SHA-256 of its first line, shortened.
	source string
	first  []byte
	// size and read are in bytes of the file.
	size, read int64
}

func openTrace(path string) (*trace, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	t := &trace{file: file}
	if err := t.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", path, err), file.Close())
	}
	return t, nil
}

func (t *trace) begin() error {
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	t.size = info.Size()
	t.in = bufio.NewReader(counted{t})
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
	t.source = hex.EncodeToString(sum[:6])
	return nil
}

func (t *trace) close() { _ = t.file.Close() }

// counted reads the file and counts.
type counted struct{ *trace }

func (c counted) Read(p []byte) (int, error) {
	n, err := c.file.Read(p)
	c.read += int64(n)
	return n, err
}

// lines yields one line after the other, each judged against the one before it;
// a broken one comes with a [*lineError] and is the last.
func (t *trace) lines() iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		var before line
		for number, text := 1, t.first; len(text) > 0; number++ {
			l, err := readLine(text, before)
			if err != nil {
				yield(line{}, &lineError{number, err})
				return
			}
			l.number = number
			if !yield(l, nil) {
				return
			}
			before = l
			if text, err = t.in.ReadBytes('\n'); err != nil && !errors.Is(err, io.EOF) {
				yield(line{}, &lineError{number + 1, err})
				return
			}
		}
	}
}

// readLine judges what all lines have in common.
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
	}
	if missing := cmp.Or(absent("commit", l.Commit), absent("org", l.Org), absent("op", l.Op)); missing != "" {
		return l, fmt.Errorf("%s is missing", missing)
	}
	return l, nil
}

// absent returns the name where there is no value.
func absent(name, value string) string {
	if value == "" {
		return name
	}
	return ""
}
