package soak

import (
	"context"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"syscall"

	"github.com/go-json-experiment/json"

	"github.com/seed-2026d078/roster/internal/serverprocess"
)

// child is a part in a process of its own. It does not run at first.
type child struct {
	program string
	part    part

	mu      sync.Mutex
	command *exec.Cmd // nil while it does not run
	stdin   io.Closer
	log     *serverprocess.Log
	ended   chan struct{}
}

// begin starts the process. It ends with this one, and not with ctx.
func (c *child) begin(ctx context.Context) error {
	line, err := json.Marshal(c.part)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	command := exec.CommandContext(context.WithoutCancel(ctx), c.program, "soak-part") //nolint:gosec // it is this program
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log, ended := new(serverprocess.Log), make(chan struct{})
	command.Stderr = log
	stdin, err := command.StdinPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	go func() {
		defer close(ended)
		_ = command.Wait() // why it ended is in the log
	}()
	c.command, c.stdin, c.log, c.ended = command, stdin, log, ended
	_, err = stdin.Write(append(line, '\n'))
	return err
}

// signal sends a signal, if the process runs.
func (c *child) signal(s syscall.Signal) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.command != nil {
		_ = c.command.Process.Signal(s) // fails only if it has ended
	}
}

// kill ends the process without a chance to finish anything.
func (c *child) kill() {
	c.signal(syscall.SIGKILL)
	c.wait()
}

// stop lets the process end.
func (c *child) stop() {
	c.mu.Lock()
	if c.command != nil {
		_ = c.stdin.Close() // it has ended, otherwise
	}
	c.mu.Unlock()
	c.wait()
}

// wait waits until the process has ended.
func (c *child) wait() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.command != nil {
		<-c.ended
		c.command = nil
	}
}

// died returns why the process has ended by itself; nil while it runs, and if it does not run.
func (c *child) died() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.command == nil {
		return nil
	}
	select {
	case <-c.ended:
		return fmt.Errorf("the process of %s has ended by itself: %s", c.part.Subscriber, c.log)
	default:
		return nil
	}
}
