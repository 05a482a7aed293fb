package soak

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// Config says what to do. Program, Serve and Duration are required.
type Config struct {
	// Program is the file of the program roster.
	Program string
	// Previous is the file of the program of an earlier version; without it [Upgrade] is skipped.
	Previous string
	// Serve runs a command line of the program within this process until ctx ends. The server takes machine for
	// the clock of the machine.
	Serve func(ctx context.Context, args []string, machine func() time.Time, log io.Writer) error
	// Duration is how long commands and reads are given, in all. Each kind of fault has the same part of it.
	Duration time.Duration
	// Faults are the kinds of faults to make, one after the other; empty means all, see [Faults].
	Faults []string
	// Every is about how long there is no fault between two; zero means a second.
	Every time.Duration
	// Progress is called each second with what was done so far; nil is called never.
	Progress func(Phase)
}

// The kinds of faults.
const (
	Kill    = "kill"
	Disk    = "disk"
	Clock   = "clock"
	Network = "network"
	Upgrade = "upgrade"
	// Feed and Failover are about who reads the feed.
	Feed     = "feed"
	Failover = "failover"
)

// Faults returns the kinds of faults, in the order in which they are made.
func Faults() []string { return []string{Kill, Disk, Clock, Network, Upgrade, Feed, Failover} }

// Phase says what was done while one kind of fault was made, and what was broken.
type Phase struct {
	Fault string `json:"fault"`
	// Skipped says why the fault was not made; empty if it was.
	Skipped string `json:"skipped,omitzero"`
	Counts

	// Broken says what was not kept, a sentence each; empty if everything was.
	Broken []string `json:"broken,omitempty"`
}

// subject is what serves while one kind of fault is made.
type subject interface {
	// start serves with everything below a directory. It fails with a *skipError if the fault cannot be
	// made here.
	start(ctx context.Context, dir string) error
	// server returns the server for the nth attempt; false if there is none now.
	server(n int) (Server, bool)
	// disturb makes a fault, and returns when it ended. What the servers do wrong meanwhile
	// is noted in the workload. It ends the fault early if ctx ends.
	disturb(ctx context.Context, w *Workload) (ended time.Time, err error)
	// ledger returns the address of the NATS server, and the arguments with which `roster verify`
	// finds the ledger.
	ledger() (address string, verify []string)
	// stop ends everything that start and disturb began, also if they failed.
	stop() error
}

// accompanied is a subject that works beside the workload, and whose work is checked.
type accompanied interface {
	// beside works until ctx ends.
	beside(ctx context.Context) error
	// check returns what was broken, once there are no faults any more.
	check(ctx context.Context) (broken []string, err error)
}

// skipError says why a fault cannot be made.
type skipError struct{ reason string }

func (e *skipError) Error() string { return e.reason }

// Run makes one kind of fault after the other, each on servers of its own in a temporary directory, and finds
// out what was broken. It fails if it cannot find that out, such as when a server does not start
// again. When ctx ends, it stops everything and fails.
func Run(ctx context.Context, cfg Config) (phases []Phase, err error) {
	kinds := cfg.Faults
	if len(kinds) == 0 {
		kinds = Faults()
	}
	if cfg.Every <= 0 {
		cfg.Every = time.Second
	}
	subjects := make([]subject, len(kinds))
	parts := len(kinds)
	for i, kind := range kinds {
		if subjects[i], err = cfg.subject(kind); err != nil {
			return nil, err
		}
		if kind == Upgrade && cfg.Previous == "" && parts > 1 {
			parts-- // it is skipped, and needs no time
		}
	}
	for i, kind := range kinds {
		phase, err := cfg.phase(ctx, kind, subjects[i], cfg.Duration/time.Duration(parts))
		phases = append(phases, phase)
		if err != nil {
			return phases, fmt.Errorf("%s: %w", kind, err)
		}
	}
	return phases, nil
}

func (cfg Config) subject(kind string) (subject, error) {
	switch kind {
	case Kill:
		return &kills{process{program: cfg.Program}}, nil
	case Disk:
		return &fullDisk{process: process{program: cfg.Program}}, nil
	case Clock:
		return &wrongClock{run: cfg.Serve}, nil
	case Network:
		return &tornNetwork{process: process{program: cfg.Program}}, nil
	case Feed:
		return &feedKills{process: process{program: cfg.Program}}, nil
	case Failover:
		return &failover{program: cfg.Program}, nil
	case Upgrade:
		return &upgrade{previous: process{program: cfg.Previous}, current: process{program: cfg.Program}}, nil
	}
	return nil, fmt.Errorf("there is no fault %q; there are %s", kind, strings.Join(Faults(), ", "))
}

// phase makes one kind of fault again and again, and finds out what was broken.
func (cfg Config) phase(ctx context.Context, kind string, s subject, lasts time.Duration) (p Phase, err error) {
	p.Fault = kind
	dir, err := os.MkdirTemp("", "roster-soak-")
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	defer func() { err = errors.Join(err, s.stop()) }()
	if err := s.start(ctx, dir); err != nil {
		if cannot, is := errors.AsType[*skipError](err); is {
			p.Skipped = cannot.reason
			return p, nil
		}
		return p, err
	}
	w := &Workload{Server: s.server}
	loading, stop := context.WithTimeout(ctx, lasts)
	defer stop()
	var working sync.WaitGroup
	var unanswered, failed error
	working.Go(func() { unanswered = w.Run(loading) })
	with, accompanied := s.(accompanied)
	if accompanied {
		working.Go(func() { failed = with.beside(loading) })
	}
	working.Go(func() { cfg.show(loading, kind, w) })
	err = cfg.disturb(loading, s, w)
	if err != nil {
		stop()
	}
	working.Wait()
	p.Counts = w.Counts()
	if err := cmp.Or(ctx.Err(), err); err != nil {
		return p, errors.Join(err, unanswered)
	}
	if unanswered != nil {
		p.Broken = append(p.Broken, unanswered.Error())
	}
	if failed != nil {
		p.Broken = append(p.Broken, failed.Error())
	}
	p.Broken = append(p.Broken, w.Check()...)
	if accompanied {
		broken, err := with.check(ctx)
		p.Broken = append(p.Broken, broken...)
		if err != nil {
			return p, err
		}
	}
	address, arguments := s.ledger()
	broken, err := w.checkLedgerAt(ctx, address)
	p.Broken = append(p.Broken, broken...)
	said, invalid := exec.CommandContext(ctx, cfg.Program, append([]string{"verify"}, arguments...)...).CombinedOutput() //nolint:gosec // it is this program
	if invalid != nil {
		p.Broken = append(p.Broken, fmt.Sprintf("roster verify: %v: %s", invalid, bytes.TrimSpace(said)))
	}
	return p, err
}

// show shows each second what was done, until ctx ends.
func (cfg Config) show(ctx context.Context, kind string, w *Workload) {
	for sleep(ctx, time.Second) {
		if cfg.Progress != nil {
			cfg.Progress(Phase{Fault: kind, Counts: w.Counts()})
		}
	}
}

// disturb makes a fault again and again, until ctx ends.
func (cfg Config) disturb(ctx context.Context, s subject, w *Workload) error {
	for sleep(ctx, cfg.Every/4+mathrand.N(cfg.Every*3/2)) { //nolint:gosec // chance, no secret
		ended, err := s.disturb(ctx, w)
		if err != nil {
			return err
		}
		w.count(ctx, ended)
	}
	return nil
}

// sleep waits, and returns false if ctx has ended.
func sleep(ctx context.Context, lasts time.Duration) bool {
	select {
	case <-time.After(lasts):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
