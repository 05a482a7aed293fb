package soak

import (
	"context"
	"sync"
	"time"

	"github.com/seed-2026d078/roster/internal/serverprocess"
)

const (
	// stopTimeout is how long a server has to stop.
	stopTimeout = 30 * time.Second
	// pollEvery is how often the counts are looked at.
	pollEvery = 10 * time.Millisecond
)

// node is a server on a data directory that outlives it. It does not run at first.
type node struct {
	data string

	mu   sync.Mutex
	here *serverprocess.Endpoints // nil while it does not serve
}

// set notes where the node serves; nil that it does not.
func (n *node) set(here *serverprocess.Endpoints) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.here = here
}

// server returns where the node serves; false while it does not.
func (n *node) server(int) (Server, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.here == nil {
		return Server{}, false
	}
	return Server{n.here.HTTP, n.here.Key}, true
}

// ledger implements [subject] for a node whose NATS server is its own.
func (n *node) ledger() (address string, verify []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.here.NATS, []string{"--data", n.data}
}

// process is a node in a process of its own.
type process struct {
	node

	program string
	flags   []string // besides those of every server
	running *serverprocess.Process
}

// begin starts the program, and returns when it serves. The end of ctx does not end it.
func (p *process) begin(ctx context.Context) (err error) {
	if p.running, err = serverprocess.Start(context.WithoutCancel(ctx), p.program, p.data, p.flags...); err != nil {
		return err
	}
	p.set(&p.running.Endpoints)
	return nil
}

// kill ends the process without a chance to finish anything.
func (p *process) kill() {
	p.set(nil)
	p.running.Kill()
	p.running = nil
}

// stop asks the process to end, and kills it if it does not in time. It does nothing if there is none.
//
//nolint:unparam // it implements [subject]
func (p *process) stop() error {
	p.set(nil)
	if p.running != nil {
		p.running.Stop()
		p.running = nil
	}
	return nil
}
