package soak

import (
	"context"
	"errors"
	mathrand "math/rand/v2"
	"path/filepath"
	"strings"
	"time"

	"github.com/seed-2026d078/roster/internal/tcpproxy"
)

const (
	tornFor = 1500 * time.Millisecond
	// delay is how much later everything arrives, each way.
	delay = 100 * time.Millisecond
)

// tornNetwork is a server with a proxy before each part, and before itself.
type tornNetwork struct {
	process

	parts parts
	front *tcpproxy.Proxy
	// next are the faults that are to be made, in a random order.
	next []networkFault
}

// networkFault is one between two parts.
type networkFault struct {
	proxy      *tcpproxy.Proxy
	begin, end func(*tcpproxy.Proxy)
	// lasting says what goes on meanwhile, by its name.
	lasting map[string]func(Counts) int
}

func (n *tornNetwork) start(ctx context.Context, dir string) error {
	if err := n.parts.start(ctx, dir); err != nil {
		return err
	}
	flags, err := n.parts.flags()
	if err != nil {
		return err
	}
	n.flags = flags
	n.data = filepath.Join(dir, "data")
	if err := n.begin(ctx); err != nil {
		return err
	}
	here, _ := n.process.server(0)
	n.front, err = tcpproxy.Start("tcp", strings.TrimPrefix(here.URL, "http://")) //nolint:contextcheck // it runs until it is stopped
	return err
}

// server implements [subject]: clients go through the proxy.
func (n *tornNetwork) server(int) (Server, bool) {
	return Server{"http://" + n.front.Address(), n.running.Key}, true
}

// faults returns each fault between each two parts, in a random order.
func (n *tornNetwork) faults() (all []networkFault) {
	for _, part := range []struct {
		proxy *tcpproxy.Proxy
		// lasting goes on while the part is out of reach.
		lasting map[string]func(Counts) int
	}{
		{n.front, nil},
		{n.parts.natsProxy, map[string]func(Counts) int{"reads without NATS": reads}},
		{n.parts.postgresProxy, map[string]func(Counts) int{"commands without PostgreSQL": commands, "reads without PostgreSQL": reads}},
	} {
		all = append(all,
			networkFault{part.proxy, (*tcpproxy.Proxy).Cut, (*tcpproxy.Proxy).Restore, part.lasting},
			networkFault{part.proxy, (*tcpproxy.Proxy).Pause, (*tcpproxy.Proxy).Resume, part.lasting},
			networkFault{
				part.proxy, func(p *tcpproxy.Proxy) { p.Delay(delay) }, func(p *tcpproxy.Proxy) { p.Delay(0) },
				map[string]func(Counts) int{"commands over a slow network": commands, "reads over a slow network": reads},
			})
	}
	mathrand.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] }) //nolint:gosec // no secret
	return all
}

// disturb makes one fault between two parts. Within nine of them, each has its turn.
func (n *tornNetwork) disturb(ctx context.Context, w *Workload) (ended time.Time, err error) {
	if len(n.next) == 0 {
		n.next = n.faults()
	}
	fault := n.next[0]
	n.next = n.next[1:]
	fault.begin(fault.proxy)
	began := time.Now()
	for what, counted := range fault.lasting {
		w.goOn(ctx, what, tornFor, counted)
	}
	sleep(ctx, tornFor-time.Since(began))
	fault.end(fault.proxy)
	return time.Now(), nil
}

func (n *tornNetwork) ledger() (address string, verify []string) {
	return n.parts.nats.URL(), n.parts.verify(n.data)
}

func (n *tornNetwork) stop() error {
	if n.front != nil {
		n.front.Stop()
	}
	return errors.Join(n.process.stop(), n.parts.stop())
}
