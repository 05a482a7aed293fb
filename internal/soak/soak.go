package soak

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/seed-2026d078/roster/bus"
)

// Config says what to do. Program and Duration are required.
type Config struct {
	// Program is the file of the program roster.
	Program string
	// Duration is how long commands and reads are given.
	Duration time.Duration
	// KillEvery is about how long a server lives before it is killed; zero means 4 seconds.
	KillEvery time.Duration
	// Progress is called each second with what was done so far; nil is called never.
	Progress func(done Counts, kills int)
}

// Result says what was done, and what was broken.
type Result struct {
	Counts

	Kills int `json:"kills"`
	// Slowest is the longest time from a kill until the server serves again.
	Slowest time.Duration `json:"slowest_start"`
	// Broken says what was not kept, a sentence each; empty if everything was.
	Broken []string `json:"broken"`
}

// Run serves a directory of its own, kills the server again and again under load, and checks
// at the end that nothing was broken. It fails if it cannot find that out, such as when a server
// does not start again.
func Run(ctx context.Context, cfg Config) (result Result, err error) {
	dir, err := os.MkdirTemp("", "roster-soak-")
	if err != nil {
		return Result{}, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	p := &process{program: cfg.Program, data: filepath.Join(dir, "data")}
	if err := p.start(ctx); err != nil {
		return Result{}, err
	}
	defer p.stop()
	w := &Workload{Server: p.server}
	loading, stop := context.WithTimeout(ctx, cfg.Duration)
	defer stop()
	worked := make(chan error, 1)
	go func() { worked <- w.Run(loading) }()
	if err := result.killRepeatedly(loading, cfg, p, w); err != nil {
		stop()
		return result, errors.Join(err, <-worked)
	}
	if err := <-worked; err != nil {
		result.Broken = append(result.Broken, err.Error())
	}
	result.Counts = w.Counts()
	result.Broken = append(result.Broken, w.Check()...)
	return result, result.checkLedger(ctx, p, w)
}

// killRepeatedly kills the server and starts it again until ctx ends.
func (r *Result) killRepeatedly(ctx context.Context, cfg Config, p *process, w *Workload) error {
	every := cfg.KillEvery
	if every <= 0 {
		every = 4 * time.Second
	}
	lifetime := func() time.Duration { return every/4 + mathrand.N(every*3/2) } //nolint:gosec // chance, no secret
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	die := time.NewTimer(lifetime())
	defer die.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
			if cfg.Progress != nil {
				cfg.Progress(w.Counts(), r.Kills)
			}
		case <-die.C:
			p.kill()
			killed := time.Now()
			if err := p.start(context.WithoutCancel(ctx)); err != nil {
				return err
			}
			r.Kills++
			r.Slowest = max(r.Slowest, time.Since(killed))
			die.Reset(lifetime())
		}
	}
}

// checkLedger compares what was acknowledged with the ledger, and runs `roster verify`.
func (r *Result) checkLedger(ctx context.Context, p *process, w *Workload) error {
	nc, err := nats.Connect(p.nats())
	if err != nil {
		return fmt.Errorf("connect to the ledger: %w", err)
	}
	defer nc.Close()
	ledger, err := bus.Open(ctx, nc, bus.OpenConfig{Existing: true, Synced: true})
	if err != nil {
		return err
	}
	broken, err := w.CheckLedger(ctx, ledger)
	if err != nil {
		return err
	}
	r.Broken = append(r.Broken, broken...)
	said, err := exec.CommandContext(ctx, p.program, "verify", "--data", p.data).CombinedOutput() //nolint:gosec // it is this program
	if err != nil {
		r.Broken = append(r.Broken, fmt.Sprintf("roster verify: %v: %s", err, bytes.TrimSpace(said)))
	}
	return nil
}
