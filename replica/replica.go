package replica

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/backoff"
	"github.com/seed-2026d078/roster/internal/natsrequest"
)

// Pauses before the replica tries again to follow.
const (
	firstPause = 50 * time.Millisecond
	maxPause   = 2 * time.Second
)

// reportEvery is the time between two reports of the same position. Another position is reported at the next heartbeat.
const reportEvery = 4 * time.Second

// Replica has organizations as they are in Roster. Its methods may be called from many goroutines.
type Replica struct {
	options Options
	// only are the organizations that it is to have; nil: all.
	only    map[events.OrganizationID]struct{}
	nc      *nats.Conn
	js      jetstream.JetStream
	view    atomic.Pointer[view]
	stop    context.CancelFunc
	done    sync.WaitGroup
	reports *reports
	closing sync.Once

	// The rest belongs to the goroutine that follows.

	state *state
	clock relayClock
	// suspect says that the state may not be that of Roster's ledger, so it is made anew.
	suspect bool
	// overtaken says that the stream may have dropped messages that were not read, so history is read.
	overtaken bool
	// sure is a position up to which no message was dropped before it was read, next the one that becomes so.
	sure, next mark
	// told is the position in the last report, at the elapsed time toldAt.
	told   events.Position
	toldAt time.Duration
	// said is what was logged last about why the replica does not follow; empty since it does.
	said string
	// epochs are those that have begun while the replica read, see [feed.Epoch].
	epochs map[string]struct{}
}

// Open begins a replica. It returns when everything that Roster had recorded when Open was called is in the replica,
// which follows from then on until it is closed. While Roster cannot be reached, or makes its
// stream again, Open tries again until the context ends. It fails at once if Roster refuses, or the credentials are those of another
// subscriber, with a [*feed.Problem]; if this program is older than what it reads, with [events.ErrNewer]; and if the connection
// is closed, with [feed.ErrConnectionClosed]. It fails too if NATS takes three requests in a row and nothing answers.
//
// The connection is the caller's, and should be one that connects again without end (nats.MaxReconnects(-1)), also after the key
// of the subscriber was rotated (nats.IgnoreAuthErrorAbort()). If it is closed, the replica ends: it hears nothing any more, and
// [Replica.Wait] says so.
func Open(ctx context.Context, nc *nats.Conn, options Options) (*Replica, error) {
	options, err := options.complete()
	if err != nil {
		return nil, err
	}
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open a replica: %w", err)
	}
	r := &Replica{options: options, nc: nc, js: js, epochs: map[string]struct{}{}, toldAt: -reportEvery}
	for _, org := range options.Organizations {
		if r.only == nil {
			r.only = map[events.OrganizationID]struct{}{}
		}
		r.only[org] = struct{}{}
	}
	r.view.Store(&view{next: make(chan struct{})})
	if err := r.begin(ctx); err != nil {
		return nil, fmt.Errorf("open a replica: %w", err)
	}
	r.state.record = options.OnChange != nil
	following, stop := context.WithCancel(context.WithoutCancel(ctx))
	r.stop = stop
	r.reports = r.newReports(context.WithoutCancel(ctx))
	r.report(false)
	r.done.Go(func() { r.follow(following) })
	return r, nil
}

// begin reads the history, and tries again until the context ends or that does not help.
func (r *Replica) begin(ctx context.Context) error {
	var last error
	silent := 0
	err := backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		err := r.renew(ctx)
		if silent++; !errors.Is(err, errNoAnswer) {
			silent = 0
		}
		switch {
		case err == nil, isFinal(err), natsrequest.Closed(r.nc) != nil, silent == unanswered:
			return false, err
		case ctx.Err() == nil:
			last = err
			if r.isNew(err) {
				r.options.Log.WarnContext(ctx, "the replica cannot begin yet, trying again", "replica", r.options.Replica, "reason", err)
			}
		}
		return false, retry.RetryableError(err)
	})
	if ctx.Err() != nil && last != nil {
		return fmt.Errorf("%w: %w", ctx.Err(), last) // the context alone does not say what it was waited for
	}
	return err
}

// isNew reports whether an error is to be logged: it was not the last one that was, or the replica has followed since.
func (r *Replica) isNew(err error) bool {
	last := r.said
	r.said = err.Error()
	return r.said != last
}

// isFinal reports whether trying again does not help.
func isFinal(err error) bool {
	var problem *feed.Problem
	switch {
	case errors.As(err, &problem):
		return problem.Code == feed.Forbidden || problem.Code == feed.Invalid
	default:
		return errors.Is(err, events.ErrNewer)
	}
}

// Close ends the replica, which answers nothing from then on. It tells Roster so, and returns when Roster has noted it, or after 10 seconds at
// most. It does not close the connection, which must be open until then.
func (r *Replica) Close() {
	r.closing.Do(func() {
		r.stop()
		r.done.Wait()
		r.publish(func(v *view) { v.closed = true })
		r.report(true)
		r.reports.end()
	})
}

// follow applies what happens until the context ends, or the connection is closed for good.
func (r *Replica) follow(ctx context.Context) {
	_ = backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		advanced, err := r.session(ctx)
		if ctx.Err() != nil {
			return false, ctx.Err()
		}
		if closed := natsrequest.Closed(r.nc); closed != nil {
			r.options.Log.ErrorContext(ctx, "the replica has ended: it hears nothing any more", "replica", r.options.Replica, "reason", closed)
			r.publish(func(v *view) { v.cause, v.lost = closed, closed })
			return false, closed
		}
		switch isNew := r.isNew(err); {
		case isNew && isPassing(err):
			r.options.Log.InfoContext(ctx, "the replica reads on from what it has", "replica", r.options.Replica, "reason", err)
		case isNew:
			r.options.Log.WarnContext(ctx, "the replica does not follow, trying again", "replica", r.options.Replica, "reason", err)
		}
		r.publish(func(v *view) { v.cause = err })
		return advanced, retry.RetryableError(err)
	})
}

// isPassing reports whether a session has ended as is to be expected now and then, and the next one goes on.
func isPassing(err error) bool {
	for _, passing := range []error{errLost, errEpoch, errOvertaken, errRebuilding, errReconnected, errRenewed, jetstream.ErrConsumerDeleted} {
		if errors.Is(err, passing) {
			return true
		}
	}
	return isProblem(err, feed.SnapshotNeeded)
}

// renew makes the state anew from history.
func (r *Replica) renew(ctx context.Context) error {
	asked, anew := r.options.Now(), newState(false)
	if err := r.catchUp(ctx, anew); err != nil {
		return err
	}
	if r.state != nil {
		anew.record = r.state.record
	}
	r.state = anew
	r.refresh(asked)
	return nil
}

// refresh publishes the state, which has all that Roster had recorded when it was asked.
func (r *Replica) refresh(asked time.Time) {
	r.overtaken, r.sure = false, mark{r.state.position, r.options.Elapsed()}
	r.publish(func(v *view) {
		at := asked
		if !v.fresh.IsZero() {
			at = v.time.Add(since(v.fresh, asked))
		}
		*v = v.renewed(asked, 0, at)
	})
}

// publish replaces the view by one with the present state, and calls back for what has changed.
func (r *Replica) publish(change func(*view)) {
	last := r.view.Load()
	next := *last
	change(&next)
	next.state, next.position, next.next = r.state.roster, r.state.position, make(chan struct{})
	r.view.Store(&next)
	close(last.next)
	changes := r.state.changes
	r.state.changes = nil
	for _, c := range changes {
		r.options.OnChange(c)
	}
}
