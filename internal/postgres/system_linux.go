package postgres

import (
	"context"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// attributes has the kernel end the child at once when this process dies.
func attributes(credential *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: credential, Setpgid: true, Pdeathsig: syscall.SIGQUIT}
}

// commandLines walks the processes with their arguments; those that end
// meanwhile are left out.
func commandLines(context.Context) (iter.Seq2[int, []string], error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	return func(yield func(int, []string) bool) {
		for _, entry := range entries {
			pid, err := strconv.Atoi(entry.Name())
			if err != nil {
				continue
			}
			line, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "cmdline"))
			if err != nil {
				continue
			}
			if !yield(pid, strings.Split(string(line), "\x00")) {
				return
			}
		}
	}, nil
}
