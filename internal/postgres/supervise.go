package postgres

import (
	"context"
	"fmt"
	"time"
)

const (
	firstDelay   = 50 * time.Millisecond
	longestDelay = 5 * time.Second
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
			"exit", c.postmaster.exit, "log", c.journal.path)
		c.relaunch(ctx)
	}
}

// relaunch tries to start the server, ever more slowly, until it is up or ctx
// is over.
func (c *Cluster) relaunch(ctx context.Context) {
	for delay := firstDelay; ; delay = min(2*delay, longestDelay) {
		select {
		case <-ctx.Done():
			return
		case <-time.After(delay):
		}
		next, err := c.launch(ctx)
		if err == nil {
			c.postmaster = next
			c.log.InfoContext(ctx, "PostgreSQL is back")
			return
		}
		if ctx.Err() == nil {
			c.log.ErrorContext(ctx, "PostgreSQL does not start", "err", err)
		}
	}
}

// launch clears the place, starts a server and returns when it answers.
func (c *Cluster) launch(ctx context.Context) (*postmaster, error) {
	if err := c.evict(ctx); err != nil {
		return nil, err
	}
	args := append([]string{"-c", "cluster_name=" + c.name}, c.settings...)
	// The server outlives the context of its start.
	cmd, err := c.account.commandOn(context.WithoutCancel(ctx), c.data, c.programs.path("postgres"), args...)
	if err != nil {
		return nil, err
	}
	begin := c.journal.size()
	cmd.Stdout, cmd.Stderr = c.journal.file, c.journal.file
	server, err := spawn(cmd)
	if err != nil {
		return nil, err
	}
	if err := c.ready(ctx, server); err != nil {
		server.abort()
		return nil, fmt.Errorf("start of PostgreSQL %d: %w; the end of %s:\n%s",
			c.programs.major, err, c.journal.path, c.journal.tail(begin))
	}
	return server, nil
}
