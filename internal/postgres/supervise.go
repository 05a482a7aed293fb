package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/sethvargo/go-retry"
)

// Pauses between attempts to start the server again.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = 5 * time.Second
)

// supervise starts the server again whenever it ends, until ctx is over.
func (c *Cluster) supervise(ctx context.Context) {
	defer close(c.done)
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.postmaster.done:
		}
		if ctx.Err() != nil {
			return
		}
		c.log.ErrorContext(ctx, "PostgreSQL ended unexpectedly, starting it again",
			"exit", c.postmaster.exit, "log", c.serverLog.path)
		c.restart(ctx)
	}
}

// restart tries to start the server until it is up or ctx ends, with growing pauses.
func (c *Cluster) restart(ctx context.Context) {
	pauses := retry.WithCappedDuration(maxPause, retry.NewExponential(firstPause))
	// An error means that ctx has ended, and that supervise ends, too.
	_ = retry.Do(ctx, pauses, func(ctx context.Context) error {
		next, err := c.startServer(ctx)
		if err != nil {
			if ctx.Err() == nil {
				c.log.ErrorContext(ctx, "PostgreSQL does not start", "err", err)
			}
			return retry.RetryableError(err)
		}
		c.postmaster = next
		c.log.InfoContext(ctx, "PostgreSQL is back")
		return nil
	})
}

// startServer starts a server and returns when it accepts connections.
func (c *Cluster) startServer(ctx context.Context) (*postmaster, error) {
	if err := c.endLeftovers(ctx); err != nil {
		return nil, err
	}
	args := append([]string{"-c", "cluster_name=" + c.name}, c.settings...)
	// The server outlives the context of its start.
	cmd, err := c.account.commandOn(context.WithoutCancel(ctx), c.data, c.programs.path("postgres"), args...)
	if err != nil {
		return nil, err
	}
	offset := c.serverLog.size()
	cmd.Stdout, cmd.Stderr = c.serverLog.file, c.serverLog.file
	server, err := startProcess(cmd)
	if err != nil {
		return nil, err
	}
	if err := c.waitReady(ctx, server); err != nil {
		server.abort()
		return nil, fmt.Errorf("start of PostgreSQL %d: %w; the end of %s:\n%s",
			c.programs.major, err, c.serverLog.path, c.serverLog.tail(offset))
	}
	return server, nil
}
