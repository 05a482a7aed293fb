package postgres

import (
	"bytes"
	"errors"
	"io"
	"os"
)

const (
	maxServerLog = 16 << 20 // bytes; checked when the cluster starts
	tailLines    = 12
)

// serverLog is the file that PostgreSQL logs to.
type serverLog struct {
	path string
	file *os.File
}

// openServerLog opens the file for appending. It renames a file that has become too
// long to *.1 first.
func openServerLog(path string) (*serverLog, error) {
	if info, err := os.Stat(path); err == nil && info.Size() > maxServerLog {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	return &serverLog{path: path, file: file}, nil
}

func (l *serverLog) size() int64 {
	info, err := l.file.Stat()
	if err != nil {
		return 0
	}
	return info.Size()
}

// tail returns the last lines written after the offset.
func (l *serverLog) tail(offset int64) []byte {
	written, err := io.ReadAll(io.NewSectionReader(l.file, offset, l.size()-offset))
	if err != nil {
		return []byte(err.Error())
	}
	return lastLines(written)
}

func (l *serverLog) close() error {
	if l == nil {
		return nil
	}
	if err := l.file.Close(); !errors.Is(err, os.ErrClosed) {
		return err
	}
	return nil
}

func lastLines(text []byte) []byte {
	lines := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	return bytes.Join(lines[max(0, len(lines)-tailLines):], []byte("\n"))
}
