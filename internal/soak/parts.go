package soak

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"github.com/seed-2026d078/roster/internal/postgres"
	"github.com/seed-2026d078/roster/internal/tcpproxy"
	"github.com/seed-2026d078/roster/natsserver"
)

// parts are a NATS and a PostgreSQL server in this process, each with a proxy before it.
type parts struct {
	nats          *natsserver.Server
	postgres      *postgres.Cluster
	natsProxy     *tcpproxy.Proxy
	postgresProxy *tcpproxy.Proxy
}

func (p *parts) start(ctx context.Context, dir string) (err error) {
	if p.nats, err = natsserver.Start(natsserver.Config{Dir: filepath.Join(dir, "nats"), Port: -1}); err != nil {
		return err
	}
	if p.postgres, err = postgres.Start(ctx, postgres.Config{Dir: filepath.Join(dir, "postgres")}); err != nil {
		return err
	}
	address, err := url.Parse(p.nats.URL())
	if err != nil {
		return err
	}
	if p.natsProxy, err = tcpproxy.Start("tcp", address.Host); err != nil { //nolint:contextcheck // it runs until it is stopped
		return err
	}
	database, err := url.Parse(p.postgres.URL())
	if err != nil {
		return err
	}
	q := database.Query()
	p.postgresProxy, err = tcpproxy.Start("unix", filepath.Join(q.Get("host"), ".s.PGSQL."+q.Get("port"))) //nolint:contextcheck // likewise
	return err
}

// flags returns the flags of a server that reaches the parts through the proxies.
func (p *parts) flags() ([]string, error) {
	database, err := url.Parse(p.postgres.URL())
	if err != nil {
		return nil, err
	}
	host, port, _ := strings.Cut(p.postgresProxy.Address(), ":")
	q := database.Query()
	q.Set("host", host)
	q.Set("port", port)
	database.RawQuery = q.Encode()
	return []string{"--nats", "nats://" + p.natsProxy.Address(), "--allow-unsynced-ledger", "--database", database.String()}, nil
}

// verify returns the arguments with which `roster verify` finds the ledger without the proxies.
func (p *parts) verify(data string) []string {
	return []string{"--data", data, "--nats", p.nats.URL()}
}

func (p *parts) stop() (err error) {
	for _, proxy := range []*tcpproxy.Proxy{p.natsProxy, p.postgresProxy} {
		if proxy != nil {
			proxy.Stop()
		}
	}
	if p.postgres != nil {
		ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
		defer cancel()
		err = p.postgres.Stop(ctx)
	}
	if p.nats != nil {
		p.nats.Shutdown()
	}
	return err
}
