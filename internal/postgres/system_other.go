//go:build unix && !linux

package postgres

import (
	"context"
	"iter"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// attributes cannot bind the child's life to this process here: what is left
// of a killed process is ended at the next start.
func attributes(credential *syscall.Credential) *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Credential: credential, Setpgid: true}
}

// commandLines walks the processes with their arguments; the title that a
// PostgreSQL process gave itself counts as one argument.
func commandLines(ctx context.Context) (iter.Seq2[int, []string], error) {
	output, err := exec.CommandContext(ctx, "ps", "-axww", "-o", "pid=,command=").Output()
	if err != nil {
		return nil, err
	}
	return func(yield func(int, []string) bool) {
		for line := range strings.Lines(string(output)) {
			number, command, _ := strings.Cut(strings.TrimSpace(line), " ")
			pid, err := strconv.Atoi(number)
			if err != nil {
				continue
			}
			args := []string{command}
			if !strings.HasPrefix(command, "postgres: ") {
				args = strings.Split(command, " ")
			}
			if !yield(pid, args) {
				return
			}
		}
	}, nil
}
