package soak

import (
	"context"
	"sync"

	"github.com/seed-2026d078/roster/internal/serverprocess"
)

// process is `roster serve` as a process of its own, on a data directory that outlives it.
type process struct {
	program, data string

	mu      sync.Mutex
	running *serverprocess.Process // nil while it does not serve
}

// start starts the program, and returns when it serves.
func (p *process) start(ctx context.Context) error {
	running, err := serverprocess.Start(context.WithoutCancel(ctx), p.program, p.data)
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running = running
	return nil
}

// server returns where the process serves; false while it does not.
func (p *process) server(int) (Server, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil {
		return Server{}, false
	}
	return Server{p.running.HTTP, p.running.Key}, true
}

// nats returns the address of the NATS server in the process, which serves.
func (p *process) nats() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running.NATS
}

// kill ends the process without a chance to finish anything.
func (p *process) kill() {
	if running := p.detach(); running != nil {
		running.Kill()
	}
}

// stop asks the process to end, and kills it if it does not.
func (p *process) stop() {
	if running := p.detach(); running != nil {
		running.Stop()
	}
}

// detach keeps the workload from the process, which is about to end.
func (p *process) detach() *serverprocess.Process {
	p.mu.Lock()
	defer p.mu.Unlock()
	running := p.running
	p.running = nil
	return running
}
