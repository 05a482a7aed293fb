// Package serverprocess runs `roster serve` as a process of its own, with its private
// servers, for programs that measure it or kill it.
//
//	server, err := serverprocess.Start(ctx, program, dir)
//	get(server.HTTP + "/readyz")
//	server.Stop()
package serverprocess

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/go-json-experiment/json"
)

const (
	// startTimeout bounds the start of a server, which may have a ledger to load.
	startTimeout = 2 * time.Minute
	// stopTimeout is how long a server has to stop before it is killed.
	stopTimeout = 30 * time.Second
	// pollEvery is how often a start looks whether the server serves.
	pollEvery = 10 * time.Millisecond
)

// Process is a server that runs, or has run.
type Process struct {
	// Where it serves, as it writes into its data directory.
	PID      int    `json:"pid"`
	HTTP     string `json:"http"`
	NATS     string `json:"nats"`
	Database string `json:"database"`
	// Key is the root key.
	Key string `json:"-"`

	command *exec.Cmd
	ended   chan struct{} // closed when it has ended
}

// Start starts the program on a data directory, and returns when it serves. The process is asked
// to end when ctx ends.
func Start(ctx context.Context, program, data string, flags ...string) (*Process, error) {
	args := append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, flags...)
	p := &Process{command: exec.CommandContext(ctx, program, args...), ended: make(chan struct{})} //nolint:gosec // it is this program
	p.command.Cancel = func() error { return p.command.Process.Signal(syscall.SIGTERM) }
	p.command.WaitDelay = stopTimeout
	log := new(strings.Builder)
	p.command.Stderr = log
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		_ = p.command.Wait() // why it ended is in the log
	}()
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(pollEvery) {
		select {
		case <-p.ended:
			return nil, fmt.Errorf("the server does not start: %s", log)
		default:
		}
		if !p.serves(data) {
			continue
		}
		key, err := os.ReadFile(filepath.Join(data, "root.key"))
		if err != nil {
			p.Stop()
			return nil, err
		}
		p.Key = strings.TrimSpace(string(key))
		return p, nil
	}
	p.Stop()
	return nil, errors.New("the server does not start in time")
}

// serves reads where the process serves. It returns false if that is not written yet, or by a
// process before this one.
func (p *Process) serves(data string) bool {
	text, err := os.ReadFile(filepath.Join(data, "serve.json"))
	return err == nil && json.Unmarshal(text, p) == nil && p.PID == p.command.Process.Pid
}

// Kill ends the process without a chance to finish anything, and waits for that.
func (p *Process) Kill() {
	_ = p.command.Process.Kill() // fails only if it has ended
	<-p.ended
}

// Stop asks the process to end, and waits for that. It kills the process after 30 seconds.
func (p *Process) Stop() {
	late := time.AfterFunc(stopTimeout, func() { _ = p.command.Process.Kill() })
	defer late.Stop()
	_ = p.command.Process.Signal(syscall.SIGTERM) // fails only if it has ended
	<-p.ended
}
