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
	pullBytes    = 16 << 20
	pullWait     = 5 * time.Second
)

var (
	errDisconnected = errors.New("the connection was lost")
	errSkipped      = errors.New("messages got lost on the way")
)

// pull reads on with a consumer of its own, in memory and without
// acknowledgements, until something is amiss with it. The next pull starts where
// this one ended: the reader's place is all that counts. The client library's
// ordered consumer is the same idea, but when it starts over it does not heed a
// context.
func (l *Ledger) pull(ctx context.Context, r *reader, box mailbox) error {
	connected, disconnect := l.whileConnected(ctx)
	defer disconnect()
	if err := l.Check(connected, r.at); err != nil {
		return err
	}
	messages, err := l.consume(connected, r.at.Position)
	if err != nil {
		return interrupted(connected, err)
	}
	defer messages.Stop()
	for r.through == 0 || r.at.Position < r.through {
		m, err := messages.Next(jetstream.NextContext(connected))
		if err != nil {
			return interrupted(connected, err)
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
			if _, err := l.message(connected, next); !errors.Is(err, ErrNoCommit) {
				return errSkipped
			}
		}
		commit, err := r.read(position, m.Data())
		if err != nil {
			return err
		}
		// The step is taken: a lost connection must not keep the commit back.
		if err := box.put(ctx, commit, len(m.Data())); err != nil {
			return err
		}
	}
	return nil
}

func (l *Ledger) consume(ctx context.Context, after events.Position) (jetstream.MessagesContext, error) {
	creating, cancel := context.WithTimeout(ctx, pullWait)
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
		jetstream.PullHeartbeat(pullWait))
}

// whileConnected returns a context that ends with the connection: what was under
// way on it is gone, and its end would go unnoticed until the next commit.
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

// interrupted prefers the reason why a context ended to the fact that it did.
func interrupted(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		err = cause
	}
	return fmt.Errorf("read the ledger: %w", err)
}
