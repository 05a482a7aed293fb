package soak

import (
	"context"
	"errors"
	"fmt"
	mathrand "math/rand/v2"
	"net"
	"path/filepath"
	"syscall"
	"time"
)

// feedKills is a server with its NATS, which lets subscribers in. Desk, relay and NATS are killed and paused at once, and each
// reader for itself.
type feedKills struct {
	process

	readers readers
}

func (k *feedKills) start(ctx context.Context, dir string) error {
	port, err := freePort(ctx)
	if err != nil {
		return err
	}
	address := fmt.Sprint("127.0.0.1:", port)
	k.data, k.flags = filepath.Join(dir, "data"), []string{"--nats-listen", address}
	if err := k.begin(ctx); err != nil {
		return err
	}
	k.readers.program, k.readers.server = k.program, k.server
	return k.readers.start(ctx, dir, "nats://"+address, true)
}

// freePort returns a port that nobody listens on now, for a server that must have the same one again.
func freePort(ctx context.Context) (int, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return listener.Addr().(*net.TCPAddr).Port, listener.Close()
}

// longestSilence bounds for how long a fault of the feed lasts: replicas must notice.
const longestSilence = 3 * bound

// outage waits for how long a fault lasts.
func outage(ctx context.Context) { sleep(ctx, mathrand.N(longestSilence)) } //nolint:gosec // chance, no secret

func (k *feedKills) disturb(ctx context.Context, _ *Workload) (ended time.Time, err error) {
	if mathrand.IntN(3) == 0 { //nolint:gosec // chance, no secret
		k.pause()
		stopped := time.Now()
		outage(ctx)
		k.readers.silent(stopped)
		k.resume()
		return time.Now(), nil
	}
	k.kill()
	stopped := time.Now()
	if mathrand.IntN(2) == 0 { //nolint:gosec // chance, no secret
		outage(ctx)
	}
	k.readers.silent(stopped)
	ended = time.Now()
	return ended, k.begin(ctx)
}

// pause stops the process where it is, resume lets it go on.
func (p *process) pause()  { p.signal(syscall.SIGSTOP) }
func (p *process) resume() { p.signal(syscall.SIGCONT) }

func (p *process) signal(s syscall.Signal) {
	if p.running != nil {
		_ = syscall.Kill(p.running.PID, s) // it has ended, otherwise
	}
}

func (k *feedKills) beside(ctx context.Context) error { return k.readers.run(ctx) }

func (k *feedKills) check(ctx context.Context) ([]string, error) {
	address, _ := k.ledger()
	return k.readers.check(ctx, address)
}

func (k *feedKills) stop() error { return errors.Join(k.readers.stop(), k.process.stop()) }
