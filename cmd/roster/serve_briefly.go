package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"
)

// briefServer is a server on a data directory of its own, which is removed when it stops, so nothing in it is
// synced.
type briefServer struct {
	dir   string
	here  endpoints
	ended chan struct{} // closed when it has ended

	cancel context.CancelFunc
	fault  error // why it has ended
}

// readyEvery is how often a server is asked whether it is ready.
const readyEvery = 5 * time.Millisecond

// startBriefly starts a server on a new data directory. It returns when the server is ready, or fails. Either way,
// stop removes the directory.
func startBriefly(ctx context.Context, serve serveCmd, log io.Writer) (*briefServer, error) {
	ctx, cancel := context.WithCancel(ctx)
	s := &briefServer{ended: make(chan struct{}), cancel: cancel}
	var err error
	if s.dir, err = os.MkdirTemp("", "roster-"); err != nil {
		close(s.ended)
		return s, err
	}
	serve.Replicas, serve.Unsynced = 1, true
	go func() {
		defer close(s.ended)
		s.fault = serve.Run(ctx, &shell{Data: s.dir, out: io.Discard, err: log})
	}()
	for {
		if s.here, err = locate(s.dir); err == nil {
			return s, nil
		}
		select {
		case <-s.ended:
			return s, errors.New("the server ended at once")
		case <-time.After(readyEvery):
		}
	}
}

// stop stops the server and removes its directory. It returns why the server has failed, if it has.
func (s *briefServer) stop() error {
	s.cancel()
	<-s.ended
	if s.dir == "" {
		return s.fault
	}
	return errors.Join(s.fault, os.RemoveAll(s.dir))
}
