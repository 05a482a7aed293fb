package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clusterName identifies the data directory on this machine. PostgreSQL shows
// it in the command line of each of its processes, where everyone may read it.
func clusterName(data string) (string, error) {
	var info syscall.Stat_t
	if err := syscall.Stat(data, &info); err != nil {
		return "", err
	}
	return fmt.Sprintf("roster-%x-%x", info.Dev, info.Ino), nil
}

// endLeftovers ends processes of an earlier server on the same data directory, which
// would keep a new one from starting. They stay when the server, or the process that
// started it, was killed. Nobody else needs them: this process holds the lock of the
// directory.
func (c *Cluster) endLeftovers(ctx context.Context) error {
	force := time.Now().Add(shutdownTimeout)
	for {
		left, err := c.leftovers(ctx)
		if err != nil {
			return err
		}
		if len(left) == 0 {
			return c.removeStalePIDFile()
		}
		signal := syscall.SIGQUIT
		if time.Now().After(force) {
			signal = syscall.SIGKILL
		}
		for _, pid := range left {
			if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
				return fmt.Errorf("end process %d, left by an earlier PostgreSQL: %w", pid, err)
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("processes %d of an earlier PostgreSQL do not end: %w", left, context.Cause(ctx))
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// leftovers returns the processes that work on the data directory.
func (c *Cluster) leftovers(ctx context.Context) ([]int, error) {
	processes, err := commandLines(ctx)
	if err != nil {
		return nil, fmt.Errorf("list processes: %w", err)
	}
	var left []int
	for pid, args := range processes {
		server := filepath.Base(args[0]) == "postgres" && slices.Contains(args, "cluster_name="+c.name)
		worker := strings.HasPrefix(args[0], "postgres: "+c.name+": ")
		if server || worker {
			left = append(left, pid)
		}
	}
	return left, nil
}

// removeStalePIDFile removes the lock file of a dead server when its process id now
// belongs to another process, which PostgreSQL would take for a running server: another
// program, a PostgreSQL on other data, or one that has ended and was not waited for.
// In containers, where process ids start from 1 again, that is common.
func (c *Cluster) removeStalePIDFile() error {
	file := filepath.Join(c.data, "postmaster.pid")
	content, err := os.ReadFile(file)
	if err != nil {
		return nil //nolint:nilerr // no lock file, or PostgreSQL will say what is wrong with it
	}
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(line)
	if err != nil {
		return nil //nolint:nilerr // not written to its end: PostgreSQL treats it as stale
	}
	process := fmt.Sprintf("/proc/%d", pid)
	if _, err := os.Stat(process); err != nil {
		return nil //nolint:nilerr // dead, or there is no /proc: PostgreSQL decides both rightly
	}
	data, err := os.Stat(c.data)
	if err != nil {
		return err
	}
	// A server works in its data directory. Where that cannot be read, the process has ended, or
	// it is another user's, to whom this directory is closed.
	if works, err := os.Stat(filepath.Join(process, "cwd")); err == nil && os.SameFile(works, data) {
		return nil
	}
	return os.Remove(file)
}
