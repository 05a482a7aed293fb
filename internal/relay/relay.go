package relay

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sethvargo/go-retry"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/backoff"
)

// neverEnds is the instant of states that are compared: nothing has ended but what is recorded to
// have. So what the stream says depends on the ledger alone, and on no clock.
var neverEnds = time.Time{}

const (
	// heartbeatEvery is the time between two heartbeats.
	heartbeatEvery = time.Second
	// takeOverAfter is for how long a relay may be silent before another one takes over.
	takeOverAfter = 3 * time.Second
	// checkEvery is how often one that waits looks.
	checkEvery = 500 * time.Millisecond
)

// Pauses before a relay that failed begins again.
const (
	firstPause = 100 * time.Millisecond
	maxPause   = 10 * time.Second
)

// Config configures a relay. Its zero value keeps everything.
type Config struct {
	// MaxAge is how long a message is kept, MaxBytes how large the stream may become, on each
	// server; zero is no limit.
	MaxAge   time.Duration
	MaxBytes int64
	// Replicas is on how many servers a stream created now is kept; zero means 1.
	Replicas int
	// Log receives faults; nil drops them.
	Log *slog.Logger
}

// Relay publishes what the ledger holds.
type Relay struct {
	id     string
	nc     *nats.Conn
	js     jetstream.JetStream
	stream jetstream.Stream
	ledger *bus.Ledger
	log    *slog.Logger
}

// Open finds or creates the stream of a ledger.
func Open(ctx context.Context, nc *nats.Conn, ledger *bus.Ledger, cfg Config) (*Relay, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open the stream %s: %w", feed.StreamName, err)
	}
	stream, err := openStream(ctx, js, cfg)
	if err != nil {
		return nil, fmt.Errorf("open the stream %s: %w", feed.StreamName, err)
	}
	r := &Relay{id: rand.Text(), nc: nc, js: js, stream: stream, ledger: ledger, log: cfg.Log}
	if r.log == nil {
		r.log = slog.New(slog.DiscardHandler)
	}
	return r, nil
}

// Checkpoint returns the place in the ledger at which the relay goes on. Zero says that the stream is
// empty. A stream that tells of another ledger, or of commits that this one has lost, is emptied: the
// ledger is right.
func (r *Relay) Checkpoint(ctx context.Context) (events.Checkpoint, error) {
	p, err := r.find(ctx)
	if err != nil {
		return events.Checkpoint{}, err
	}
	err = r.ledger.Check(ctx, p.complete)
	if _, broken := errors.AsType[*bus.BrokenError](err); !broken {
		return p.complete, err
	}
	r.log.ErrorContext(ctx, "the stream tells of what the ledger does not have, so it is emptied and made again", "stream", feed.StreamName, "error", err)
	if err := r.stream.Purge(ctx); err != nil {
		return events.Checkpoint{}, fmt.Errorf("empty the stream %s: %w", feed.StreamName, err)
	}
	return events.Checkpoint{}, nil
}

// Run publishes what follows the place that the stream is at, until the context ends, which returns
// nil, or until the ledger is broken. While a relay of another node works, it waits. If the stream
// cannot be reached, it tries again, with growing pauses.
func (r *Relay) Run(ctx context.Context, follower *bus.Follower[domain.Roster]) error {
	err := backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (bool, error) {
		worked, err := r.run(ctx, follower)
		var broken *bus.BrokenError
		if ctx.Err() != nil || errors.As(err, &broken) {
			return false, err
		}
		if !errors.Is(err, errEmptied) {
			r.log.WarnContext(ctx, "the feed stands still, trying again", "error", err)
		}
		return worked, retry.RetryableError(err)
	})
	if ctx.Err() != nil {
		return nil //nolint:nilerr // whoever ends the context wants no error of it
	}
	return err
}

// run follows the ledger, and publishes in terms. It returns whether anything was published.
func (r *Relay) run(ctx context.Context, follower *bus.Follower[domain.Roster]) (published bool, err error) {
	after, err := r.Checkpoint(ctx)
	if err != nil {
		return false, err
	}
	q := newQueue(after)
	defer q.comparisons.Wait()
	both, alive := errgroup.WithContext(ctx)
	both.Go(func() error {
		return follower.Follow(alive, after, func(s bus.Step[domain.Roster]) error { return q.add(alive, s) })
	})
	both.Go(func() error {
		return backoff.Do(alive, firstPause, maxPause, func(ctx context.Context) (worked bool, err error) {
			worked, err = r.term(ctx, q)
			published = published || worked
			if ctx.Err() != nil || errors.Is(err, errBehind) || errors.Is(err, errEmptied) {
				return worked, err
			}
			if !errors.Is(err, errOther) {
				r.log.WarnContext(ctx, "messages of the feed were not published, trying again", "error", err)
			}
			return worked, retry.RetryableError(err)
		})
	})
	err = both.Wait()
	return published, err
}

var (
	// errBehind says that the stream has lost what was thought to be in it for certain.
	errBehind = errors.New("the stream ends before messages that it has acknowledged")
	// errOther says that another relay works.
	errOther = errors.New("another relay publishes")
)

// wait waits until no other relay works. Meanwhile it drops from the queue what the other has
// published.
func (r *Relay) wait(ctx context.Context, q *queue) error {
	for {
		last, err := r.newestHeartbeat(ctx)
		if err != nil {
			return err
		}
		if last == nil || last.Header.Get(node) == "" || last.Header.Get(node) == r.id {
			return nil
		}
		info, err := r.stream.Info(ctx)
		if err != nil {
			return err
		}
		if info.TimeStamp.Sub(last.Time) > takeOverAfter {
			return nil
		}
		complete, err := parseNumber(last.Header, feed.Position)
		if err != nil {
			return err
		}
		q.drop(func(c *queuedCommit) bool { return uint64(c.at.Position) <= complete })
		select {
		case <-time.After(checkEvery):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
