package feed

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sethvargo/go-retry"
	"golang.org/x/sync/semaphore"

	"github.com/seed-2026d078/roster/internal/backoff"
	"github.com/seed-2026d078/roster/internal/natsrequest"
)

const (
	// firstPause and maxPause are those before a consumer is opened again.
	firstPause = 10 * time.Millisecond
	maxPause   = 5 * time.Second
	// maxTryPause is the longest one between two tries of a message.
	maxTryPause = 10 * time.Second
	// maxInFlight is how many messages of an ephemeral subscriber wait or are handled. For others Roster sets the limit.
	maxInFlight = 1000
	// keepEvery is the time between two signs that messages are being handled. It is well below the time after which the
	// server delivers them again.
	keepEvery = 5 * time.Second
	// reportEvery is the time between two reports.
	reportEvery = time.Second
)

// ErrConnectionClosed says that the connection to NATS is closed for good: by its owner, or by the client, which gives up if it is not told
// otherwise. [nats.ErrConnectionClosed] matches it.
var ErrConnectionClosed = natsrequest.ErrConnectionClosed

// Subscribe calls the handler with the messages of the stream, until the context ends. Then it waits for the handlers that
// run, and returns nil. It goes on by itself after anything that passes: a lost connection, a server or a
// Roster that starts again, a consumer that was deleted, a stream that is made again.
//
// It returns a [*Problem] if Roster refuses: with [SnapshotNeeded] if messages that it needs are no longer kept, with [Forbidden] if the
// connection has the credentials of another subscriber, and [ErrConnectionClosed] once the connection is closed for good. It
// returns an error too if a message cannot be read at all, or if an ephemeral
// subscriber's handler has failed as often as it may.
func Subscribe(ctx context.Context, nc *nats.Conn, options Options, handler Handler) error {
	options, err := options.withDefaults()
	if err != nil {
		return err
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return err
	}
	s := &subscription{
		Options: options, nc: nc, js: js, handler: handler,
		tracker: newTracker(len(options.Types) > 0, options.after()),
		slots:   semaphore.NewWeighted(int64(options.Concurrency)),
		heard:   make(chan struct{}, 1),
	}
	return s.run(ctx)
}

// subscription is a call of [Subscribe].
type subscription struct {
	Options

	nc      *nats.Conn
	js      jetstream.JetStream
	handler Handler
	tracker *tracker
	lanes   *lanes
	reader  *reader
	// slots are taken by handlers that run.
	slots *semaphore.Weighted
	// heard holds a value if a heartbeat has come.
	heard chan struct{}
}

// run reads until the context ends or reading fails, and then waits for handlers.
func (s *subscription) run(ctx context.Context) error {
	reading, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	handling, abort := context.WithCancel(context.WithoutCancel(ctx))
	defer abort()
	s.lanes = newLanes(func(d *delivery) {
		if err := s.handle(reading, handling, d); err != nil {
			stop(err)
		}
	})
	s.reader = &reader{
		Options: s.Options, nc: s.nc, js: s.js, tracker: s.tracker, deliver: s.lanes.add, heard: s.signal, epochs: map[string]bool{},
		request: OpenRequest{Durable: !s.Ephemeral, Organizations: s.Organizations, Types: s.Types, Start: s.Start, Restart: s.Restart},
	}
	var beside, keeping sync.WaitGroup
	if s.Report != nil {
		beside.Go(func() { s.report(reading) })
	}
	if !s.Ephemeral {
		beside.Go(func() { s.retryDeadLetters(reading) })
		keeping.Go(func() { s.keep(handling) })
	}
	err := s.read(reading)
	if failed := context.Cause(reading); failed != nil {
		err = failed
	}
	stop(err)
	beside.Wait()
	s.finish(abort)
	keeping.Wait()
	s.reader.close(context.WithoutCancel(ctx))
	if ctx.Err() != nil {
		return nil // whoever ends the context wants no error of it
	}
	return err
}

// read reads again and again, until the context ends or the reason cannot pass.
func (s *subscription) read(ctx context.Context) error {
	return backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		advanced, err := s.reader.read(ctx)
		if ctx.Err() != nil || isFinal(err) {
			return false, err
		}
		if closed := natsrequest.Closed(s.nc); closed != nil {
			return false, closed
		}
		level := slog.LevelWarn
		if _, is := errors.AsType[*anew](err); is {
			level = slog.LevelInfo
		}
		s.Log.Log(ctx, level, "the feed is read again", "subscriber", s.Subscriber, "reason", err)
		return advanced, retry.RetryableError(err)
	})
}

// isFinal reports whether trying again does not help.
func isFinal(err error) bool {
	if problem, is := errors.AsType[*Problem](err); is {
		return problem.Code == SnapshotNeeded || problem.Code == Forbidden || problem.Code == Invalid
	}
	_, malformed := errors.AsType[*malformedError](err)
	return malformed
}

// handle has a message handled, until that works or the message is a dead letter. It fails if there can be none.
// It gives up, without acknowledging the message, when the context ends.
func (s *subscription) handle(ctx, handling context.Context, d *delivery) error {
	failures := 0
	err := backoff.Do(ctx, s.Pause, maxTryPause, func(ctx context.Context) (bool, error) {
		d.message.LastTry = failures >= s.Tries-1 // it fails more often if no dead letter can be stored
		err := s.call(ctx, handling, d.message)
		if err == nil || ctx.Err() != nil {
			return false, err
		}
		s.Log.WarnContext(ctx, "a message was not handled", "subscriber", s.Subscriber, "message", d.message.ID, "error", err)
		if isTemporary(err) {
			return false, retry.RetryableError(err)
		}
		failures++
		if failures < s.Tries {
			return false, retry.RetryableError(err)
		}
		if s.Ephemeral {
			return false, fmt.Errorf("handle message %s: %w", d.message.ID, err)
		}
		return false, retry.RetryableError(s.storeDeadLetter(ctx, d, err, failures))
	})
	if err != nil {
		return err
	}
	if d.letter > 0 {
		close(d.done)
		return nil
	}
	s.tracker.handle(d)
	s.reader.acknowledge(handling, d)
	return nil
}

// call calls the handler once. A handler that panics has failed.
func (s *subscription) call(ctx, handling context.Context, m *Message) (err error) {
	if err := s.slots.Acquire(ctx, 1); err != nil {
		return err
	}
	defer s.slots.Release(1)
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the handler panicked: %v\n%s", r, debug.Stack())
		}
	}()
	if m.Event == nil {
		m.Unreadable = m.decode()
	}
	if m.Unreadable == nil {
		return s.handler(handling, m)
	}
	if m.LastTry && !s.Ephemeral {
		if err := s.handler(handling, m); isTemporary(err) {
			return err
		}
	}
	return m.Unreadable
}

// isTemporary reports whether an error is marked with [Temporary].
func isTemporary(err error) bool {
	_, is := errors.AsType[*temporaryError](err)
	return is
}

// keep tells the server of the messages that wait or are handled, so that it does not deliver them again.
func (s *subscription) keep(ctx context.Context) {
	tick := time.NewTicker(keepEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			for _, d := range s.tracker.unhandled() {
				_ = d.from.InProgress() // if it fails, the message comes again
			}
		case <-ctx.Done():
			return
		}
	}
}

// report reports how far behind the subscriber is, until the context ends.
func (s *subscription) report(ctx context.Context) {
	tick := time.NewTicker(reportEvery)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			s.Report(s.tracker.lag(s.reader.pending.Load(), now))
		case <-ctx.Done():
			return
		}
	}
}

// finish waits for the handlers that run. Those that take longer than they may lose their context, and are not waited for.
func (s *subscription) finish(abort context.CancelFunc) {
	finished := make(chan struct{})
	go func() {
		s.lanes.working.Wait()
		close(finished)
	}()
	select {
	case <-finished:
	case <-time.After(s.Grace):
		s.Log.Warn("handlers did not end in time", "subscriber", s.Subscriber, "grace", s.Grace)
	}
	abort()
	_ = s.nc.FlushTimeout(askTimeout) // acknowledgements that get lost are given again
}

// signal notes that a heartbeat has come.
func (s *subscription) signal() {
	select {
	case s.heard <- struct{}{}:
	default: // it holds a value
	}
}
