package bus

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

const (
	pullMessages = 1024
	pullBytes    = 16 << 20 // two messages of the largest size
	pullWait     = 5 * time.Second
)

var (
	errDisconnected = errors.New("the connection was lost")
	errStalled      = errors.New("no message came, though there is one")
	errSkipped      = errors.New("messages got lost on the way")
)

// reader is how far somebody has read, and wants to read.
type reader struct {
	chain
	// through is the last position to read; zero means without end.
	through events.Position
	// known reports whether the reader has a commit from elsewhere; nil means none.
	known func(events.Position) bool
}

// consume reads with a new consumer, in memory and without acknowledgements, until
// that fails. The next call goes on where this one ended, since the reader keeps the
// position. The client library's ordered consumer does the same, but does not end
// with its context while it starts over.
func (l *Ledger) consume(ctx context.Context, r *reader, queue *coalescingQueue) error {
	connected, disconnect := l.whileConnected(ctx)
	defer disconnect()
	checking, checked := context.WithTimeout(connected, l.pullWait)
	err := l.Check(checking, r.at)
	checked()
	if err != nil {
		return err
	}
	messages, err := l.subscribe(connected, r.at.Position)
	if err != nil {
		return l.interrupted(connected, r.at.Position+1, err)
	}
	defer messages.Stop()
	waiting, stop := context.WithCancelCause(connected)
	defer stop(nil)
	stall := time.AfterFunc(l.pullWait, func() { stop(errStalled) })
	defer stall.Stop()
	for r.through == 0 || r.at.Position < r.through {
		stall.Stop()
		if r.through > 0 {
			stall.Reset(l.pullWait)
		}
		m, err := messages.Next(jetstream.NextContext(waiting))
		stall.Stop()
		if err != nil {
			return l.interrupted(waiting, r.at.Position+1, err)
		}
		about, err := m.Metadata()
		if err != nil {
			return fmt.Errorf("read the ledger: %w", err)
		}
		position := events.Position(about.Sequence.Stream)
		if r.known != nil && r.known(position) {
			r.skip(position, m.Data())
			continue
		}
		if next := r.at.Position + 1; position > next {
			asking, answered := context.WithTimeout(connected, l.pullWait)
			_, err := l.message(asking, next)
			answered()
			if !errors.Is(err, ErrNoCommit) {
				return errSkipped
			}
		}
		commit, err := r.read(position, m.Data())
		if err != nil {
			return err
		}
		// The reader has moved on: a lost connection must not drop the commit.
		if err := queue.put(ctx, commit, len(m.Data())); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) subscribe(ctx context.Context, after events.Position) (jetstream.MessagesContext, error) {
	creating, cancel := context.WithTimeout(ctx, l.pullWait)
	defer cancel()
	consumer, err := l.stream.CreateConsumer(creating, jetstream.ConsumerConfig{
		DeliverPolicy:     jetstream.DeliverByStartSequencePolicy,
		OptStartSeq:       uint64(after) + 1,
		AckPolicy:         jetstream.AckNonePolicy,
		MemoryStorage:     true,
		Replicas:          1,
		InactiveThreshold: time.Minute,
	})
	if err != nil {
		return nil, err
	}
	return consumer.Messages(
		jetstream.PullMaxMessagesWithBytesLimit(pullMessages, pullBytes),
		jetstream.PullHeartbeat(l.pullWait))
}

// whileConnected returns a context that ends when the connection is lost. Messages
// that were on their way are lost with it, and the consumer would not notice until
// the next commit.
func (l *Ledger) whileConnected(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	status := l.nc.StatusChanged(nats.RECONNECTING, nats.CLOSED)
	var watching sync.WaitGroup
	watching.Go(func() {
		select {
		case <-status:
			cancel(errDisconnected)
		case <-ctx.Done():
		}
	})
	return ctx, func() {
		cancel(nil)
		watching.Wait()
		l.nc.RemoveStatusListener(status)
	}
}

// interrupted replaces the error of an ended context by the reason why it ended. A server
// passes over a message that it cannot read: if nothing came for a while, though the ledger
// has more, the next commit is asked for.
func (l *Ledger) interrupted(ctx context.Context, next events.Position, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	if errors.Is(err, errStalled) {
		asking, answered := context.WithTimeout(context.WithoutCancel(ctx), l.pullWait)
		defer answered()
		if _, err := l.written(asking, next); err != nil {
			return err
		}
	}
	return fmt.Errorf("read the ledger: %w", err)
}
