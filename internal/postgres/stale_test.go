package postgres

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestStalePIDFile starts a server whose lock file names a process that is not its own.
func TestStalePIDFile(t *testing.T) {
	t.Parallel()
	zombie := exec.CommandContext(t.Context(), "true")
	require.NoError(t, zombie.Start())
	t.Cleanup(func() { _ = zombie.Wait() })
	time.Sleep(100 * time.Millisecond) // it has ended, and nobody has waited for it
	other := start(t, Config{Dir: seeded(t), Disposable: true})
	for name, pid := range map[string]int{
		"another PostgreSQL": other.postmaster.process.Pid,
		"a zombie":           zombie.Process.Pid,
		"another program":    os.Getpid(),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := seeded(t)
			data := filepath.Join(dir, "data")
			write(t, filepath.Join(data, "postmaster.pid"), fmt.Sprintf("%d\n%s\n1700000000\n5432\n\n\n\n", pid, data))
			c := start(t, Config{Dir: dir, Disposable: true})
			assert.Equal(t, "1", ask(t, c, "SELECT '1'"))
		})
	}
}

func TestMissingControlFileSaysWhatToDo(t *testing.T) {
	t.Parallel()
	dir := seeded(t)
	require.NoError(t, os.Remove(filepath.Join(dir, "data", "global", "pg_control")))
	_, err := Start(t.Context(), Config{Dir: dir, Disposable: true})
	require.ErrorContains(t, err, "move the directory "+dir+" away")
}
