package bus

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/sethvargo/go-retry"

	"github.com/seed-2026d078/roster/events"
)

const (
	// appendAttempts is how many times a commit is published. Each waits for AckWait.
	appendAttempts = 5
	// headroom is the number of bytes that headers may take of a message.
	headroom = 4 << 10
)

// Append appends a commit after a checkpoint and returns its own checkpoint. It sets
// Previous, and ID if that is empty. When it returns without error, the commit is
// durable.
//
// It fails with [*ConflictError] if there is another commit at that position, with
// [*TooLargeError], and with [ErrUnavailable] if no answer came: then the commit
// may have been appended or not.
func (l *Ledger) Append(ctx context.Context, after events.Checkpoint, c events.Commit) (events.Checkpoint, error) {
	encoded, err := l.encode(after, c)
	if err != nil {
		return events.Checkpoint{}, err
	}
	if err := l.confirm(ctx, encoded); err != nil {
		return events.Checkpoint{}, err
	}
	return encoded.commit.Checkpoint(), nil
}

// encodedCommit is a commit with its message. The commit has its position and hash.
type encodedCommit struct {
	commit  events.Commit
	message []byte
}

// encode encodes a commit for the position after a checkpoint.
func (l *Ledger) encode(after events.Checkpoint, c events.Commit) (encodedCommit, error) {
	if len(c.Entries) == 0 {
		return encodedCommit{}, errors.New("append to the ledger: a commit without entries")
	}
	if c.ID == "" {
		c.ID = rand.Text()
	}
	c.Previous = after.Hash
	message, err := events.Encode(c)
	if err != nil {
		return encodedCommit{}, err
	}
	if limit := int(l.nc.MaxPayload()) - headroom; len(message) > limit {
		return encodedCommit{}, &TooLargeError{Limit: limit, Size: len(message)}
	}
	c.Position, c.Hash = after.Position+1, events.Sum(message)
	return encodedCommit{c, message}, nil
}

// confirm publishes a commit until it is known whether it was appended. Publishing
// it again is harmless: the server appends it only after the expected sequence.
func (l *Ledger) confirm(ctx context.Context, encoded encodedCommit) error {
	at := encoded.commit.Checkpoint()
	pauses := retry.WithMaxRetries(appendAttempts-1, retry.NewExponential(firstPause))
	err := retry.Do(ctx, pauses, func(ctx context.Context) error {
		err := l.publisher.publish(ctx, uint64(at.Position-1), encoded.message)
		if wrongSequence(err) {
			// There is a commit at the position, and it may be ours: after a lost
			// acknowledgement, the message that is published again comes too late.
			err = l.compareAt(ctx, at)
		}
		var conflict *ConflictError
		if err == nil || errors.As(err, &conflict) || ctx.Err() != nil || errors.Is(err, nats.ErrConnectionClosed) {
			return err
		}
		if unwritable := l.Writable(); unwritable != nil {
			return fmt.Errorf("%w, as %s", err, unwritable.Error()) // no answer will come
		}
		l.log.WarnContext(ctx, "append is not confirmed yet", "position", at.Position, "error", err)
		return retry.RetryableError(err)
	})
	var conflict *ConflictError
	if err != nil && !errors.As(err, &conflict) {
		err = fmt.Errorf("%w: append commit %d: %w", ErrUnavailable, at.Position, err)
	}
	return err
}

// compareAt returns nil if our message is at the position.
func (l *Ledger) compareAt(ctx context.Context, at events.Checkpoint) error {
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

// wrongSequence reports whether the server has another last message than the
// expected one. Replicated streams have an error code of their own for that.
func wrongSequence(err error) bool {
	var refused *jetstream.APIError
	return errors.As(err, &refused) &&
		(refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence ||
			refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant)
}
