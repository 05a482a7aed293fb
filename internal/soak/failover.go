package soak

import (
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/internal/postgres"
)

// failover is two servers on one NATS server and one database. One of them publishes the feed, and the other takes over. Each of the three
// is killed and paused, and so is each reader.
type failover struct {
	program string

	nats     child
	address  string
	postgres *postgres.Cluster
	nodes    [2]process
	readers  readers
	// next are the faults that are to be made, in a random order.
	next []func(context.Context, *Workload) error
}

func (f *failover) start(ctx context.Context, dir string) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	f.address = "nats://127.0.0.1:" + strconv.Itoa(port)
	f.nats.program, f.nats.part = f.program, part{Does: natsJob, Dir: filepath.Join(dir, "nats"), Port: port}
	if err := f.beginNATS(ctx); err != nil {
		return err
	}
	if f.postgres, err = postgres.Start(ctx, postgres.Config{Dir: filepath.Join(dir, "postgres")}); err != nil {
		return err
	}
	for i := range f.nodes {
		f.nodes[i].program, f.nodes[i].data = f.program, filepath.Join(dir, fmt.Sprint("node-", i))
		f.nodes[i].flags = []string{"--feed", "--nats", f.address, "--allow-unsynced-ledger", "--database", f.postgres.URL()}
		if i > 0 {
			if err := shareMasterKey(f.nodes[0].data, f.nodes[i].data); err != nil {
				return err
			}
		}
		if err := f.nodes[i].begin(ctx); err != nil {
			return err
		}
	}
	f.readers.program, f.readers.server = f.program, f.server
	return f.readers.start(ctx, dir, f.address, false)
}

// beginNATS starts the NATS server, and returns when it serves. The end of ctx does not end it.
func (f *failover) beginNATS(ctx context.Context) error {
	ctx = context.WithoutCancel(ctx)
	if err := f.nats.begin(ctx); err != nil {
		return err
	}
	last := errors.New("it does not start in time")
	for deadline := time.Now().Add(stopTimeout); time.Now().Before(deadline); time.Sleep(pollEvery) {
		if died := f.nats.died(); died != nil {
			return died
		}
		nc, err := nats.Connect(f.address)
		if err != nil {
			last = err
			continue
		}
		js, err := jetstream.New(nc)
		if err == nil {
			_, err = js.AccountInfo(ctx)
		}
		nc.Close()
		if err == nil {
			return nil
		}
		last = err
	}
	return fmt.Errorf("the NATS server: %w", last)
}

// server implements [subject]: requests take turns between the servers that there are.
func (f *failover) server(n int) (Server, bool) {
	for i := range f.nodes {
		if s, serves := f.nodes[(n+i)%len(f.nodes)].server(n); serves {
			return s, true
		}
	}
	return Server{}, false
}

// faults returns each fault, in a random order.
func (f *failover) faults() (all []func(context.Context, *Workload) error) {
	for i := range f.nodes {
		node := &f.nodes[i]
		all = append(all,
			func(ctx context.Context, w *Workload) error {
				node.kill()
				w.goOn(ctx, "commands while one of two nodes is there", noticeTimeout, commands)
				outage(ctx)
				return node.begin(ctx)
			},
			func(ctx context.Context, _ *Workload) error {
				node.pause()
				outage(ctx)
				node.resume()
				return nil
			})
	}
	all = append(all, f.killNodes, f.killNATS, f.pauseNATS)
	mathrand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] }) //nolint:gosec // no secret
	return all
}

func (f *failover) killNodes(ctx context.Context, _ *Workload) error {
	for i := range f.nodes {
		f.nodes[i].kill()
	}
	stopped := time.Now()
	outage(ctx)
	f.readers.silent(stopped)
	return errors.Join(f.nodes[0].begin(ctx), f.nodes[1].begin(ctx))
}

func (f *failover) killNATS(ctx context.Context, _ *Workload) error {
	f.nats.kill()
	stopped := time.Now()
	outage(ctx)
	f.readers.silent(stopped)
	return f.beginNATS(ctx)
}

// pauseNATS lets the NATS server stand still: it is there, and silent.
func (f *failover) pauseNATS(ctx context.Context, _ *Workload) error {
	f.nats.signal(syscall.SIGSTOP)
	stopped := time.Now()
	outage(ctx)
	f.readers.silent(stopped)
	f.nats.signal(syscall.SIGCONT)
	return nil
}

// disturb makes one fault. Within as many as there are, each has its turn.
func (f *failover) disturb(ctx context.Context, w *Workload) (ended time.Time, err error) {
	if len(f.next) == 0 {
		f.next = f.faults()
	}
	fault := f.next[0]
	f.next = f.next[1:]
	err = fault(ctx, w)
	return time.Now(), err
}

func (f *failover) beside(ctx context.Context) error { return f.readers.run(ctx) }

func (f *failover) check(ctx context.Context) ([]string, error) {
	return f.readers.check(ctx, f.address)
}

func (f *failover) ledger() (address string, verify []string) {
	return f.address, []string{"--data", f.nodes[0].data, "--nats", f.address}
}

func (f *failover) stop() error {
	err := f.readers.stop()
	for i := range f.nodes {
		f.nodes[i].resume()
		err = errors.Join(err, f.nodes[i].stop())
	}
	f.nats.signal(syscall.SIGCONT)
	f.nats.stop()
	if f.postgres == nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	return errors.Join(err, f.postgres.Stop(ctx))
}
