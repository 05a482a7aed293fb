package replica

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/backoff"
)

// endTimeout is for how long Roster is told again that the replica has ended, until it answers.
const endTimeout = 5 * time.Second

// reports tells Roster how far a replica has come. It sends the next report when the last one was answered: Roster answers requests side by side, so
// one could overtake another.
type reports struct {
	// newest holds the report that waits, if one does.
	newest chan feed.ProgressReport
	done   chan struct{}
}

// newReports returns what reports until its end. The context is not the one that ends the replica.
func (r *Replica) newReports(ctx context.Context) *reports {
	told := &reports{newest: make(chan feed.ProgressReport, 1), done: make(chan struct{})}
	go func() {
		defer close(told.done)
		instance, number, said := rand.Text(), uint64(0), ""
		for report := range told.newest {
			number++
			report.Instance, report.Number = instance, number
			said = r.logRefusal(ctx, said, r.send(ctx, report))
		}
	}()
	return told
}

// tell has a report sent in the place of the one that waits. It does not wait, and must not be called at the same time as itself or end.
func (p *reports) tell(report feed.ProgressReport) {
	select {
	case <-p.newest:
	default:
	}
	p.newest <- report
}

// end returns when the last report was answered or given up.
func (p *reports) end() {
	close(p.newest)
	<-p.done
}

// report has Roster told how far the replica has come.
func (r *Replica) report(ended bool) {
	r.reports.tell(feed.ProgressReport{
		Replica: r.options.Replica, Position: r.state.position, Closed: !r.options.FailOpen, Bound: r.options.MaxStaleness.Seconds(),
		Organizations: r.options.Organizations, Ended: ended,
	})
}

// send sends a report and awaits its answer. One that says that the replica has ended is sent again, since none follows; others are not.
func (r *Replica) send(ctx context.Context, report feed.ProgressReport) error {
	if !report.Ended {
		_, err := ask[feed.ProgressResponse](ctx, r, feed.Progress, report)
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, endTimeout)
	defer cancel()
	return backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		_, err := ask[feed.ProgressResponse](ctx, r, feed.Progress, report)
		problem, refused := errors.AsType[*feed.Problem](err)
		if err != nil && !r.nc.IsClosed() && (!refused || problem.Code == feed.Unavailable) {
			err = retry.RetryableError(err)
		}
		return false, err
	})
}

// logRefusal logs why Roster does not keep the reports of the replica, which is in no receipt then, unless that was said last. It returns what was
// said last.
func (r *Replica) logRefusal(ctx context.Context, said string, err error) string {
	if err == nil || errors.Is(err, nats.ErrConnectionClosed) {
		return ""
	}
	if now := err.Error(); now != said {
		r.options.Log.WarnContext(ctx, "Roster does not keep how far the replica has come", "replica", r.options.Replica, "error", err)
	}
	return err.Error()
}
