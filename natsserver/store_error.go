package natsserver

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"
)

// StoreError says that the files of the streams are not as a server leaves them. A server
// that is given such files may delete the whole stream.
type StoreError struct {
	// Path is the first file or directory that is wrong.
	Path string
	// Problem says what is wrong with it and what to do.
	Problem string
	// More is the number of other files and directories that are wrong.
	More int
	// Err is the error that was found; it may be nil.
	Err error
}

func (e *StoreError) Error() string {
	text := fmt.Sprintf("the NATS server was not started, and its files are as they were: %s %s", e.Path, e.Problem)
	if e.More > 0 {
		text += fmt.Sprintf(" (and %d more like it)", e.More)
	}
	return text
}

// Unwrap returns Err.
func (e *StoreError) Unwrap() error { return e.Err }

// inaccessible describes a file or directory that cannot be opened.
func inaccessible(path string, err error) *StoreError {
	reason := err
	if named, ok := errors.AsType[*fs.PathError](err); ok {
		reason = named.Err
	}
	problem := fmt.Sprintf("cannot be opened for reading and writing: %v", reason)
	info, unknown := os.Lstat(path)
	if unknown == nil && errors.Is(err, fs.ErrPermission) {
		if about, ok := info.Sys().(*syscall.Stat_t); ok {
			problem += fmt.Sprintf("; it has the mode %v and belongs to user %d, and this process is user %d: "+
				"give all files of the data directory to the user that runs it (chown -R), then start it again", info.Mode(), about.Uid, os.Geteuid())
		}
	}
	return &StoreError{Path: path, Problem: problem, Err: err}
}
