package postgres

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// shutdownTimeout bounds an immediate shutdown, which takes PostgreSQL 5 s at most.
const shutdownTimeout = 10 * time.Second

// postmaster is one run of a PostgreSQL program.
type postmaster struct {
	process *os.Process
	done    chan struct{} // closed when it has ended
	exit    string        // how it ended, once done is closed
	err     error         // nil if it ended well, once done is closed
}

// startProcess starts cmd. The goroutine keeps its thread until the child ends,
// because the kernel sends the parent-death signal when the thread that
// started the child ends, not the process.
func startProcess(cmd *exec.Cmd) (*postmaster, error) {
	p := &postmaster{done: make(chan struct{})}
	started := make(chan error)
	go func() {
		defer close(p.done)
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		for _, f := range cmd.ExtraFiles {
			_ = f.Close() // the child has its own
		}
		p.process = cmd.Process
		started <- err
		if err == nil {
			p.err = cmd.Wait()
			p.exit = cmd.ProcessState.String()
		}
	}()
	if err := <-started; err != nil {
		<-p.done
		return nil, err
	}
	return p, nil
}

// stop asks for a fast shutdown and waits. If ctx ends first, it aborts.
func (p *postmaster) stop(ctx context.Context) error {
	_ = p.process.Signal(syscall.SIGINT) // fails only if it has ended
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		p.abort()
		return fmt.Errorf("no orderly shutdown in time, the next start recovers: %w", context.Cause(ctx))
	}
}

// abort ends the server without a checkpoint and waits until it is gone.
func (p *postmaster) abort() {
	_ = p.process.Signal(syscall.SIGQUIT)
	select {
	case <-p.done:
	case <-time.After(shutdownTimeout):
		_ = p.process.Kill()
		<-p.done
	}
}
