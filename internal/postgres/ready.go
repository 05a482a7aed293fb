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

// waitReady waits until the server accepts connections and the database exists.
func (c *Cluster) waitReady(ctx context.Context, server *postmaster) error {
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
		case <-time.After(10 * time.Millisecond):
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
