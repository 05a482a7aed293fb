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
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
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

// Endpoints say where a server serves, as it writes into its data directory.
type Endpoints struct {
	PID      int    `json:"pid"`
	HTTP     string `json:"http"`
	NATS     string `json:"nats"`
	Database string `json:"database"`
	// Key is the root key.
	Key string `json:"-"`
}

// Process is a server that runs, or has run.
type Process struct {
	Endpoints

	command *exec.Cmd
	ended   chan struct{} // closed when it has ended
}

// Arguments returns the command line of a server on a data directory and any free port.
func Arguments(data string, flags ...string) []string {
	return append([]string{"serve", "--data", data, "--listen", "127.0.0.1:0"}, flags...)
}

// Start starts the program on a data directory, and returns when it serves. The process is asked
// to end when ctx ends; Ctrl-C does not reach it.
func Start(ctx context.Context, program, data string, flags ...string) (*Process, error) {
	p := &Process{command: exec.CommandContext(ctx, program, Arguments(data, flags...)...), ended: make(chan struct{})} //nolint:gosec // it is this program
	p.command.Cancel = func() error { return p.command.Process.Signal(syscall.SIGTERM) }
	p.command.WaitDelay = stopTimeout
	p.command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	log := new(Log)
	p.command.Stderr = log
	if err := p.command.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(p.ended)
		_ = p.command.Wait() // why it ended is in the log
	}()
	here, err := Await(data, p.command.Process.Pid, p.ended, log)
	if err != nil {
		p.Stop()
		return nil, err
	}
	p.Endpoints = here
	return p, nil
}

// Await returns where a process serves once it does. It fails if the server ends before, or
// does not serve in time.
func Await(data string, pid int, ended <-chan struct{}, log fmt.Stringer) (here Endpoints, err error) {
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(pollEvery) {
		select {
		case <-ended:
			return here, fmt.Errorf("the server does not start: %s", log)
		default:
		}
		text, err := os.ReadFile(filepath.Join(data, "serve.json"))
		if err != nil || json.Unmarshal(text, &here) != nil || here.PID != pid {
			continue // it is not written yet, or by the process before
		}
		key, err := os.ReadFile(filepath.Join(data, "root.key"))
		here.Key = strings.TrimSpace(string(key))
		return here, err
	}
	return here, errors.New("the server does not start in time")
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

// Log is the output of a server, which can be read while it is written.
type Log struct {
	mu   sync.Mutex
	text strings.Builder
}

var _ io.Writer = (*Log)(nil)

// Write implements [io.Writer].
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String implements [fmt.Stringer].
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
