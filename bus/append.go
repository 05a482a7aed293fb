package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

const (
	// appendAttempts times the AckWait is how long an append may take in all.
	appendAttempts = 5
	// headroom is what headers may take of a message.
	headroom = 4 << 10
)

// Append records a commit right after a checkpoint and returns its own. It fills
// in Previous, and ID where that is empty. When it returns, the commit is durable.
//
// It fails with [*ConflictError] when another commit stands there, with
// [*TooLargeError], and with [ErrUnavailable] when no answer came: then the
// commit may be there or not.
func (l *Ledger) Append(ctx context.Context, after events.Checkpoint, c events.Commit) (events.Checkpoint, error) {
	sealed, err := l.seal(after, c)
	if err != nil {
		return events.Checkpoint{}, err
	}
	if err := l.settle(ctx, sealed); err != nil {
		return events.Checkpoint{}, err
	}
	return sealed.at, nil
}

// envelope is a commit ready to be sent to its place.
type envelope struct {
	at      events.Checkpoint
	message []byte
}

func (l *Ledger) seal(after events.Checkpoint, c events.Commit) (envelope, error) {
	if len(c.Entries) == 0 {
		return envelope{}, errors.New("append to the ledger: a commit without entries")
	}
	if c.ID == "" {
		c.ID = rand.Text()
	}
	c.Previous = after.Hash
	message, err := events.Encode(c)
	if err != nil {
		return envelope{}, err
	}
	if limit := int(l.nc.MaxPayload()) - headroom; len(message) > limit {
		return envelope{}, &TooLargeError{Limit: limit, Size: len(message)}
	}
	return envelope{events.Checkpoint{Position: after.Position + 1, Hash: events.Sum(message)}, message}, nil
}

// settle publishes the message until it is known which one stands at the
// position. Publishing again is harmless: the expected sequence lets one through.
func (l *Ledger) settle(ctx context.Context, e envelope) error {
	var unsettled error
	for attempt := range appendAttempts {
		err := l.courier.publish(ctx, uint64(e.at.Position-1), e.message)
		if wrongSequence(err) {
			// Somebody stands at the position, and it may be us: a lost
			// acknowledgement makes a repeated message look late.
			err = l.whoseIs(ctx, e.at)
		}
		var conflict *ConflictError
		switch {
		case err == nil:
			return nil
		case errors.As(err, &conflict):
			return err
		case ctx.Err() != nil, errors.Is(err, nats.ErrConnectionClosed):
			return fmt.Errorf("%w: append commit %d: %w", ErrUnavailable, e.at.Position, err)
		}
		unsettled = err
		l.log.WarnContext(ctx, "append is not settled yet", "position", e.at.Position, "error", err)
		_ = sleep(ctx, time.Duration(attempt)*firstPause)
	}
	return fmt.Errorf("%w: append commit %d: %w", ErrUnavailable, e.at.Position, unsettled)
}

// whoseIs returns nil where our message stands at the position.
func (l *Ledger) whoseIs(ctx context.Context, at events.Checkpoint) error {
	ctx, cancel := context.WithTimeout(ctx, l.ackWait)
	defer cancel()
	found, err := l.message(ctx, at.Position)
	switch {
	case err != nil:
		return err
	case events.Sum(found) != at.Hash:
		return &ConflictError{Position: at.Position}
	}
	return nil
}

// wrongSequence tells whether the server found another last message than
// expected. Replicated streams answer with a code of their own.
func wrongSequence(err error) bool {
	var refused *jetstream.APIError
	return errors.As(err, &refused) &&
		(refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
			refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}
