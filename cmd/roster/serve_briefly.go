package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"time"
)

// serveBriefly runs a server on a new data directory until stop, which removes the
// directory, so nothing in it is synced. It returns when the server is
// ready.
func serveBriefly(ctx context.Context, log io.Writer) (dir string, stop func() error, err error) {
	if dir, err = os.MkdirTemp("", "roster-"); err != nil {
		return "", func() error { return nil }, err
	}
	ctx, cancel := context.WithCancel(ctx)
	var fault error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		serve := serveCmd{Listen: "127.0.0.1:0", Replicas: 1, LogLevel: slog.LevelError, Unsynced: true}
		fault = serve.Run(ctx, &shell{Data: dir, out: io.Discard, err: log})
	}()
	stop = func() error {
		cancel()
		<-ended
		return errors.Join(fault, os.RemoveAll(dir))
	}
	for {
		if _, err := locate(dir); err == nil {
			return dir, stop, nil
		}
		select {
		case <-ended:
			return dir, stop, errors.New("the server ended at once")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
