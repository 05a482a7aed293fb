package natsserver

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/seed-2026d078/roster/internal/diskspace"
)

// ErrNoSpace says that the disk of the streams is full, or nearly so: nothing can be written.
var ErrNoSpace = errors.New("the disk of the ledger is full")

const (
	// The server writes only while this much of the disk is free, so that it meets the end of the
	// disk as seldom as possible: 1%, within these bounds.
	maxReserve = 64 << 20
	minReserve = 1 << 20

	// watchEvery is how often the health of the server is looked at.
	watchEvery = time.Second
)

// Writable returns nil if the server can write. It fails with [ErrNoSpace] while its disk is full. If
// the server failed to write to a full disk, that lasts until another server has taken its place. It
// fails with another error if the server failed to write for another reason; that lasts until the
// process is started again.
//
// What was being written when the disk became full was not acknowledged. It may be there
// nevertheless.
func (s *Server) Writable() error {
	if fault := s.fault.Load(); fault != nil {
		return *fault
	}
	return s.space(1)
}

// space fails with [ErrNoSpace] unless so many times the reserve is free on the disk.
func (s *Server) space(times uint64) error {
	free, size, err := diskspace.Of(filepath.Join(s.cfg.Dir, streamsDirectory))
	if err != nil {
		free, size, err = diskspace.Of(s.cfg.Dir)
	}
	if err != nil {
		return nil //nolint:nilerr // it is unknown how much is free; the server finds out
	}
	reserve := min(max(size/100, minReserve), maxReserve)
	if free < times*reserve {
		return fmt.Errorf("%w: %d KiB are free, and %d KiB must be", ErrNoSpace, free>>10, reserve>>10)
	}
	return nil
}

// watch looks until Shutdown at the certificate, and whether the server has failed to write. A server that has failed once
// refuses to write from then on. If the disk was full, a new one takes its place as soon as there is
// room.
func (s *Server) watch() {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	var before error // what the look before found
	for {
		select {
		case <-tick.C:
		case <-s.stopping:
			return
		}
		if s.certificate != nil {
			s.certificate.look(time.Now())
		}
		if fault := s.fault.Load(); fault != nil {
			switch {
			case errors.Is(*fault, ErrNoSpace):
				s.reopen()
				continue
			case errors.Is(*fault, ErrDamaged):
				continue // a person is needed
			}
		}
		err := s.health()
		if errors.Is(err, errNotLooked) {
			continue
		}
		// A stream that is created or removed just now looks as one that cannot be read, so it takes two looks.
		if err != nil && before != nil && s.fault.Load() == nil {
			s.log.Error("the NATS server cannot write any more", "error", err)
		}
		if err == nil || before != nil {
			s.report(err)
		}
		before = err
	}
}

// report sets why the server cannot write; nil says that it can.
func (s *Server) report(err error) {
	if err == nil {
		s.fault.Store(nil)
		return
	}
	s.fault.Store(&err)
}

// reopen puts a new server in the place of the one that runs, if there is room on the disk. The
// old one has answered reads meanwhile. What it failed to write was not acknowledged, and the new one
// reads it from the disk as far as it is there. If a stream that is to be read first has been damaged
// meanwhile, the old one stays, since the new one would drop what is behind the damage.
func (s *Server) reopen() {
	if s.space(2) != nil {
		return
	}
	if damage := s.readFirst(); damage != nil {
		s.log.Error("there is room on the disk again, but a stream is damaged, so the NATS server writes no more", "error", damage)
		s.report(damage)
		return
	}
	s.end()
	if err := s.open(); err != nil {
		s.log.Error("the NATS server does not start again, though there is room on the disk", "error", err)
		return
	}
	s.report(nil)
	s.log.Info("there is room on the disk again, and the NATS server writes again")
}

// errNotLooked says that the server came to look at no stream, so it is as healthy as it was.
var errNotLooked = errors.New("the NATS server has not looked at its streams")

// health returns why the server cannot write.
func (s *Server) health() error {
	return unhealthy(s.current.Load().Healthz(&server.HealthzOptions{Details: true}).Errors)
}

// unhealthy returns what the health of a server means for writing. Only the text of what was found tells that the disk is full. Healthz first gives
// itself a millisecond to see that the server listens, and looks no further when it has passed, as it does on a busy machine.
func unhealthy(found []server.HealthzError) error {
	if len(found) == 0 {
		return nil
	}
	for _, e := range found {
		switch {
		case e.Type == server.HealthzErrorConn:
			return errNotLooked
		case strings.Contains(e.Error, syscall.ENOSPC.Error()), strings.Contains(e.Error, syscall.EDQUOT.Error()):
			return fmt.Errorf("%w: %s", ErrNoSpace, e.Error)
		}
	}
	return fmt.Errorf("the NATS server cannot write: %s: look at the disk, then start again", found[0].Error)
}
