package soak

import (
	"context"

	"github.com/seed-2026d078/roster/natsserver"
)

// serveNATS is a NATS server until ctx ends.
func (p *part) serveNATS(ctx context.Context) error {
	server, err := natsserver.Start(natsserver.Config{Dir: p.Dir, Port: p.Port})
	if err != nil {
		return err
	}
	defer server.Shutdown()
	<-ctx.Done()
	return nil
}
