package subscriber

import (
	"context"

	"github.com/nats-io/nats.go/jetstream"
)

// DropDeadLetter drops a dead letter of a subscriber for good, also one that is to be tried again, and returns it. It fails with [ErrUnknown], and with
// [ErrNoDeadLetter] if there is none with this sequence.
func (r *Registry) DropDeadLetter(ctx context.Context, name string, sequence uint64) (DeadLetter, error) {
	if _, err := r.Get(ctx, name); err != nil {
		return DeadLetter{}, err
	}
	stream, err := r.letters(ctx, name)
	if err != nil {
		return DeadLetter{}, err
	}
	if stream == nil {
		return DeadLetter{}, ErrNoDeadLetter
	}
	m, err := letterAt(ctx, stream, sequence, "")
	if err != nil {
		return DeadLetter{}, err
	}
	if m == nil {
		return DeadLetter{}, ErrNoDeadLetter
	}
	return readDeadLetter(m), deleteLetter(ctx, stream, sequence)
}

// DropDeadLetters drops all dead letters of a subscriber for good, also those that are to be tried again, and returns how many there were. It fails
// with [ErrUnknown].
func (r *Registry) DropDeadLetters(ctx context.Context, name string) (n int, err error) {
	if _, err := r.Get(ctx, name); err != nil {
		return 0, err
	}
	stream, err := r.letters(ctx, name)
	if stream == nil || err != nil {
		return 0, err
	}
	state := stream.CachedInfo().State
	if state.Msgs == 0 {
		return 0, nil
	}
	err = stream.Purge(ctx, jetstream.WithPurgeSequence(state.LastSeq+1)) // those that came meanwhile stay
	return int(state.Msgs), unavailable(err)                              //nolint:gosec // there is a bound
}
