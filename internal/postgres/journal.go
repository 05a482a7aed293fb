package postgres

import (
	"bytes"
	"errors"
	"io"
	"os"
)

const (
	longestJournal = 16 << 20 // bytes, looked at when the cluster starts
	shownLines     = 12
)

// journal is the file that PostgreSQL logs to.
type journal struct {
	path string
	file *os.File
}

// openJournal appends to the file, after setting a long one aside as *.1.
func openJournal(path string) (*journal, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > longestJournal {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &journal{path: path, file: file}, nil
}

func (j *journal) size() int64 {
	info, err := j.file.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// tail returns the last lines written after the offset.
func (j *journal) tail(offset int64) []byte {
	written, err := io.ReadAll(io.NewSectionReader(j.file, offset, j.size()-offset))
	if err != nil {
		return []byte(err.Error())
	}
	return lastLines(written)
}

func (j *journal) close() error {
	if j == nil {
		return nil
	}
	if err := j.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

func lastLines(text []byte) []byte {
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-shownLines):], []byte("\n"))
}
