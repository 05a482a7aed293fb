package soak

import (
	"context"
	"errors"
	"fmt"
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
	// startTimeout bounds the start of a server.
	startTimeout = time.Minute
	// stopTimeout is how long a server has to stop before it is killed.
	stopTimeout = 30 * time.Second
	// pollEvery is how often a start looks whether the server serves.
	pollEvery = 10 * time.Millisecond
)

// process is `roster serve` as a process of its own, on a data directory that outlives it.
type process struct {
	program, data string

	mu      sync.Mutex
	command *exec.Cmd
	ended   chan struct{} // closed when the present process has ended
	// here is what the process writes about itself into its data directory; nil while it does not
	// serve.
	here *endpoints
	key  string
}

type endpoints struct {
	PID  int    `json:"pid"`
	HTTP string `json:"http"`
	NATS string `json:"nats"`
}

// start starts the program, and returns when it serves.
func (p *process) start(ctx context.Context) error {
	log := new(strings.Builder)
	command := exec.CommandContext(context.WithoutCancel(ctx), p.program, "serve", "--data", p.data, "--listen", "127.0.0.1:0") //nolint:gosec // it is this program
	command.Stderr = log
	if err := command.Start(); err != nil {
		return err
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = command.Wait() // why it ended is in the log
	}()
	p.mu.Lock()
	p.command, p.ended = command, ended
	p.mu.Unlock()
	for deadline := time.Now().Add(startTimeout); time.Now().Before(deadline); time.Sleep(pollEvery) {
		select {
		case <-ended:
			return fmt.Errorf("the server does not start: %s", log)
		default:
		}
		text, err := os.ReadFile(filepath.Join(p.data, "serve.json"))
		here := new(endpoints)
		if err != nil || json.Unmarshal(text, here) != nil || here.PID != command.Process.Pid {
			continue // it is not written yet, or by the process before
		}
		key, err := os.ReadFile(filepath.Join(p.data, "root.key"))
		p.mu.Lock()
		p.here, p.key = here, strings.TrimSpace(string(key))
		p.mu.Unlock()
		return err
	}
	return errors.New("the server does not start in time")
}

// server returns where the process serves; false while it does not.
func (p *process) server(int) (Server, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.here == nil {
		return Server{}, false
	}
	return Server{p.here.HTTP, p.key}, true
}

// nats returns the address of the NATS server in the process.
func (p *process) nats() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.here.NATS
}

// kill ends the process without a chance to finish anything.
func (p *process) kill() {
	p.end(syscall.SIGKILL)
}

// stop asks the process to end, and kills it if it does not.
func (p *process) stop() {
	late := time.AfterFunc(stopTimeout, func() { _ = p.command.Process.Kill() })
	defer late.Stop()
	p.end(syscall.SIGTERM)
}

func (p *process) end(by syscall.Signal) {
	p.mu.Lock()
	command, ended := p.command, p.ended
	p.here = nil
	p.mu.Unlock()
	if command != nil {
		_ = command.Process.Signal(by) // fails only if it has ended
		<-ended
	}
}
