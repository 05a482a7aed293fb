package bus

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/backoff"
)

// Pauses between attempts to reach the server.
const (
	firstPause = 20 * time.Millisecond
	maxPause   = time.Second
)

// Follow calls take with every commit after a checkpoint, in order. Each call gets
// all commits that have come in since the last one; the slice belongs to take. Lost
// connections do not end Follow. It ends with the error of the context or of take,
// or with a [*BrokenError] if the ledger is not the one that the checkpoint comes
// from, is damaged, or holds an event that this program does not know
// ([*events.UnknownTypeError]).
//
// Whoever needs the state besides the commits uses a [Follower] of a desk.
func (l *Ledger) Follow(ctx context.Context, after events.Checkpoint, take func([]events.Commit) error) error {
	return l.read(ctx, reader{chain: chain{after}}, func(b batch) error { return take(b.commits) })
}

// Read is like Follow, but ends at a position, and at the end of the ledger at the
// time of the call. Zero means that end.
func (l *Ledger) Read(ctx context.Context, after events.Checkpoint, through events.Position, take func([]events.Commit) error) error {
	return l.readTo(ctx, after, through, func(b batch) error { return take(b.commits) })
}

func (l *Ledger) readTo(ctx context.Context, after events.Checkpoint, through events.Position, take func(batch) error) error {
	last, err := l.last(ctx)
	if err != nil {
		return err
	}
	if through == 0 || through > last {
		through = last
	}
	if through <= after.Position {
		return l.Check(ctx, after)
	}
	return l.read(ctx, reader{chain: chain{after}, through: through}, take)
}

// read fetches and decodes in one goroutine, and calls take in another.
func (l *Ledger) read(ctx context.Context, r reader, take func(batch) error) error {
	ctx, cancel := context.WithCancel(ctx)
	queue := newQueue()
	var fetched error
	var fetching sync.WaitGroup
	fetching.Go(func() {
		defer close(queue.waiting)
		fetched = l.fetch(ctx, &r, queue)
	})
	defer fetching.Wait()
	defer cancel()
	for b := range queue.waiting {
		if err := ctx.Err(); err != nil {
			return err // even if fetch has reached the end: take has not
		}
		if err := take(b); err != nil {
			return err
		}
	}
	fetching.Wait()
	return fetched
}

// fetch reads with one consumer after the other, until the end or until trying again
// is of no use.
func (l *Ledger) fetch(ctx context.Context, r *reader, queue *coalescingQueue) error {
	return backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (advanced bool, err error) {
		from := r.at.Position
		err = l.consume(ctx, r, queue)
		var broken *BrokenError
		switch {
		case err == nil, ctx.Err() != nil, errors.As(err, &broken),
			errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, nats.ErrConnectionClosed):
			return false, err
		}
		l.log.WarnContext(ctx, "reading the ledger was interrupted", "position", r.at.Position, "error", err)
		return r.at.Position > from, retry.RetryableError(err)
	})
}
