package pgtest

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"github.com/seed-2026d078/roster/internal/diskspace"
)

const (
	// prefix of the temporary directories; the process id follows.
	prefix = "roster-pgtest-"
	// memory is the file system that Linux has in memory. To make and drop a database there takes
	// a fraction of the time that it takes on a disk.
	memory = "/dev/shm"
	// enoughMemory is how many bytes must be free there.
	enoughMemory = 4 << 30
)

// useMemory makes a directory in memory for all temporary files of this process and those that
// it starts, unless TMPDIR says where they are. It returns none if there is not enough room.
func useMemory() (dir string, err error) {
	free, _, err := diskspace.Of(memory)
	if os.Getenv("TMPDIR") != "" || err != nil || free < enoughMemory {
		return "", nil //nolint:nilerr // there is no such file system here
	}
	sweep(memory)
	if dir, err = os.MkdirTemp(memory, mine()); err != nil {
		return "", err
	}
	return dir, os.Setenv("TMPDIR", dir)
}

// mine returns the beginning of the names of this process's directories.
func mine() string { return fmt.Sprintf("%s%d-", prefix, os.Getpid()) }

// sweep removes the directories of processes that were killed. Their servers
// ended with them. What cannot be removed now, a later run will.
func sweep(parent string) {
	dirs, _ := filepath.Glob(filepath.Join(parent, prefix+"*")) // the pattern is well formed
	for _, dir := range dirs {
		owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		pid, err := strconv.Atoi(owner)
		if err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			_ = os.RemoveAll(dir)
		}
	}
}
