package postgres

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestKilledServerComesBack(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Dir: seeded(t)})
	run(t, c, "CREATE TABLE kept (n int)")
	for round := range 3 {
		// A busy backend does not notice by itself that its postmaster died.
		busy, err := pgx.Connect(t.Context(), c.URL())
		require.NoError(t, err)
		result := make(chan error)
		go func() {
			_, err := busy.Exec(t.Context(), "DO $$ BEGIN LOOP END LOOP; END $$")
			result <- err
		}()
		run(t, c, fmt.Sprintf("INSERT INTO kept VALUES (%d)", round))
		require.NoError(t, syscall.Kill(postmasterPID(t, c), syscall.SIGKILL))
		assert.Error(t, <-result, "the connection outlived its server")
		eventually(t, func() error {
			n, err := lookup(t.Context(), c.URL(), "SELECT count(*)::text FROM kept")
			if err == nil {
				require.Equal(t, strconv.Itoa(round+1), n, "kept rows")
			}
			return err
		})
	}
}

const childDir = "ROSTER_TEST_CLUSTER"

// TestChild is the process that the next test kills.
func TestChild(t *testing.T) {
	dir := os.Getenv(childDir)
	if dir == "" {
		t.Skip("runs as a child of TestKilledOwnerLeavesNoObstacle")
	}
	c, err := Start(t.Context(), Config{Dir: dir})
	require.NoError(t, err)
	run(t, c, "CREATE TABLE kept AS SELECT 42 AS n")
	fmt.Fprintln(os.Stdout, "\nready", postmasterPID(t, c))
	select {}
}

func TestKilledOwnerLeavesNoObstacle(t *testing.T) {
	t.Parallel()
	// The path is long, so that there is a link to delete as well.
	dir := filepath.Join(t.TempDir(), strings.Repeat("long", 30))
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestChild$")
	child.Env = append(os.Environ(), childDir+"="+dir)
	output, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	var server int
	for lines := bufio.NewScanner(output); server == 0; {
		require.True(t, lines.Scan(), "the child did not start its cluster")
		_, _ = fmt.Sscanf(lines.Text(), "ready %d", &server)
	}
	link, err := os.ReadFile(filepath.Join(dir, "socket-link"))
	require.NoError(t, err)
	require.NoError(t, child.Process.Kill())
	assert.Error(t, child.Wait(), "the child was not killed")
	if runtime.GOOS == "linux" {
		eventually(t, func() error { return gone(server) })
	}
	c := start(t, Config{Dir: dir})
	assert.Equal(t, "42", ask(t, c, "SELECT n::text FROM kept"))
	_, err = os.Lstat(string(link))
	assert.Error(t, err, "%s stays", link)
}

func TestOrphanedServerIsEnded(t *testing.T) {
	t.Parallel()
	c := start(t, Config{Dir: seeded(t), Disposable: true})
	other := start(t, Config{Dir: seeded(t), Disposable: true})
	orphan := postmasterPID(t, c)
	// As the next owner of the directory finds it.
	next := &Cluster{data: c.data, name: c.name}
	require.NoError(t, next.endLeftovers(t.Context()))
	eventually(t, func() error { return gone(orphan) })
	assert.Equal(t, "well", ask(t, other, "SELECT 'well'"))
}

func TestReusedProcessIDIsNoServer(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("process ids are looked up in /proc")
	}
	c := &Cluster{data: t.TempDir()}
	file := filepath.Join(c.data, "postmaster.pid")
	for content, stays := range map[string]bool{
		strconv.Itoa(os.Getpid()) + "\n/data\n": false,
		"2147483647\n/data\n":                   true, // dead: PostgreSQL sees that
		"":                                      true,
	} {
		write(t, file, content)
		require.NoError(t, c.removeStalePIDFile())
		_, err := os.Stat(file)
		assert.Equal(t, stays, err == nil, "lock file %q", content)
	}
}

func postmasterPID(t *testing.T, c *Cluster) int {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(c.data, "postmaster.pid"))
	require.NoError(t, err)
	line, _, _ := strings.Cut(string(content), "\n")
	pid, err := strconv.Atoi(line)
	require.NoError(t, err)
	return pid
}

// gone is nil when there is no such process.
func gone(pid int) error {
	if err := syscall.Kill(pid, 0); !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("process %d is still there: %w", pid, err)
	}
	return nil
}

func eventually(t *testing.T, try func() error) {
	t.Helper()
	deadline := time.Now().Add(time.Minute)
	for {
		err := try()
		if err == nil {
			return
		}
		require.False(t, time.Now().After(deadline), err)
		time.Sleep(10 * time.Millisecond)
	}
}
