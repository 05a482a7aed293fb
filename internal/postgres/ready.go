package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

const (
	superuser = "roster"
	database  = "roster"
)

// SQLSTATE codes that do not mean that the start failed.
const (
	cannotConnectNow = "57P03" // starting up, recovering
	noSuchDatabase   = "3D000"
	tooManyClients   = "53300" // others have connected again already
)

const (
	// quickStart is how long a start takes at most that has nothing to recover. Until then it is
	// looked every quickPoll whether the server is ready, and every slowPoll afterwards: each look
	// leaves a line in the server's log.
	quickStart = time.Second
	quickPoll  = 10 * time.Millisecond
	slowPoll   = 200 * time.Millisecond
)

// waitReady waits until the server accepts connections and the database exists.
func (c *Cluster) waitReady(ctx context.Context, server *postmaster) error {
	began, poll := time.Now(), quickPoll
	for {
		err := c.ping(ctx)
		if err == nil {
			return nil
		}
		var refused *pgconn.PgError
		if errors.As(err, &refused) && refused.Code != cannotConnectNow {
			return err
		}
		select {
		case <-server.done:
			return fmt.Errorf("it ended with %s", server.exit)
		case <-ctx.Done():
			return fmt.Errorf("it did not answer in time: %w", context.Cause(ctx))
		case <-time.After(poll):
		}
		if poll == quickPoll && time.Since(began) > quickStart {
			poll = slowPoll
			c.log.InfoContext(ctx, "waiting for PostgreSQL, which recovers what was under way when it was killed")
		}
	}
}

// ping connects to the database. It creates the database if there is none yet.
func (c *Cluster) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, shutdownTimeout)
	defer cancel()
	err := execute(ctx, c.url, "SELECT 1")
	var refused *pgconn.PgError
	if !errors.As(err, &refused) {
		return err
	}
	switch refused.Code {
	case noSuchDatabase:
		return execute(ctx, socketURL(c.socketDir.path, "postgres"), "CREATE DATABASE "+database)
	case tooManyClients:
		return nil
	default:
		return err
	}
}

func execute(ctx context.Context, url, sql string) error {
	conn, err := pgx.Connect(ctx, url)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, sql)
	return errors.Join(err, conn.Close(ctx))
}
