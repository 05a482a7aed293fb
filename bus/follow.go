package bus

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

// Pauses between attempts to read on.
const (
	firstPause = 20 * time.Millisecond
	maxPause   = time.Second
)

// Follow calls take with every commit after a checkpoint, in order, as many at a
// time as have come in since the last call. It outlives lost connections and
// ends with the context's error, with take's, or with a [*BrokenError] when the
// ledger is not the one that the checkpoint comes from, is damaged, or holds an
// event that this program does not know ([*events.UnknownTypeError]). What take
// gets is its own.
func (l *Ledger) Follow(ctx context.Context, after events.Checkpoint, take func([]events.Commit) error) error {
	return l.read(ctx, reader{chain: chain{after}}, take)
}

// Read is Follow up to a position and no further. Zero is the end of the ledger
// at the time of the call, as is any position beyond it.
func (l *Ledger) Read(ctx context.Context, after events.Checkpoint, through events.Position, take func([]events.Commit) error) error {
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

// reader is how far one has come and wants to go.
type reader struct {
	chain
	// through is the last position to read; zero has no end.
	through events.Position
	// known tells which commits the reader has seen by other means; nil: none.
	known func(events.Position) bool
}

// read fetches and decodes beside take, so that both have a processor.
func (l *Ledger) read(ctx context.Context, r reader, take func([]events.Commit) error) error {
	ctx, cancel := context.WithCancel(ctx)
	box := newMailbox()
	var fetched error
	var fetching sync.WaitGroup
	fetching.Go(func() {
		defer close(box)
		fetched = l.fetch(ctx, &r, box)
	})
	defer fetching.Wait()
	defer cancel()
	for b := range box {
		if ctx.Err() != nil {
			break
		}
		if err := take(b.commits); err != nil {
			return err
		}
	}
	fetching.Wait()
	return fetched
}

// fetch reads on, over one pull after the other, until there is no point in it.
func (l *Ledger) fetch(ctx context.Context, r *reader, box mailbox) error {
	for pause := firstPause; ; {
		from := r.at.Position
		err := l.pull(ctx, r, box)
		var broken *BrokenError
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &broken), errors.Is(err, jetstream.ErrStreamNotFound), errors.Is(err, nats.ErrConnectionClosed):
			return err
		}
		l.log.WarnContext(ctx, "reading the ledger was interrupted", "position", r.at.Position, "error", err)
		if r.at.Position > from {
			pause = firstPause
		}
		if err := sleep(ctx, pause); err != nil {
			return err
		}
		pause = min(2*pause, maxPause)
	}
}

// sleep waits, or returns the context's error.
func sleep(ctx context.Context, pause time.Duration) error {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
