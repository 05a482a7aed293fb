package bus

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

// Ledger is the one order in which everything happened: a stream whose messages
// are commits. Its methods may be used from many goroutines.
type Ledger struct {
	nc      *nats.Conn
	stream  jetstream.Stream
	courier *courier
	ackWait time.Duration
	log     *slog.Logger
}

// OpenConfig says what the ledger may expect of its server.
type OpenConfig struct {
	// Synced vouches for a server that syncs every write, as that of package natsserver does.
	Synced bool
	// AllowUnsynced accepts that a power failure may take acknowledged commands.
	AllowUnsynced bool
	// Replicas of a stream made anew; zero is 1.
	Replicas int
	// AckWait is how long to wait for one acknowledgement before asking again;
	// zero is 2 seconds.
	AckWait time.Duration
	// Log receives what goes wrong on the way; nil drops it.
	Log *slog.Logger
}

// Open finds the ledger or makes it. It refuses a stream with other settings
// ([*SettingError]), one that has lost messages ([*BrokenError]), and a server
// that may lose acknowledged writes ([ErrUnsynced]).
func Open(ctx context.Context, nc *nats.Conn, cfg OpenConfig) (*Ledger, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	stream, err := openStream(ctx, js, max(cfg.Replicas, 1))
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	if !cfg.Synced && !cfg.AllowUnsynced && !durable(ctx, nc, stream.CachedInfo()) {
		return nil, ErrUnsynced
	}
	wait := cfg.AckWait
	if wait <= 0 {
		wait = 2 * time.Second
	}
	courier, err := newCourier(nc, wait)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	return &Ledger{nc: nc, stream: stream, courier: courier, ackWait: wait, log: logOrDiscard(cfg.Log)}, nil
}

// End returns the last commit's checkpoint; the zero value where there is none.
func (l *Ledger) End(ctx context.Context) (events.Checkpoint, error) {
	last, err := l.last(ctx)
	if err != nil || last == 0 {
		return events.Checkpoint{}, err
	}
	message, err := l.message(ctx, last)
	if err != nil {
		return events.Checkpoint{}, err
	}
	return events.Checkpoint{Position: last, Hash: events.Sum(message)}, nil
}

// At returns the commit at a position; [ErrNoCommit] where there is none.
func (l *Ledger) At(ctx context.Context, position events.Position) (events.Commit, error) {
	message, err := l.message(ctx, position)
	if err != nil {
		return events.Commit{}, err
	}
	return events.Decode(message, position)
}

// Check refuses a ledger that is not the one a reader has read up to its
// checkpoint: it ends earlier, or another commit stands there. Such a ledger has
// lost commits, and serving from it would contradict what was already told.
func (l *Ledger) Check(ctx context.Context, at events.Checkpoint) error {
	if at.Position == 0 {
		return nil
	}
	last, err := l.last(ctx)
	if err != nil {
		return err
	}
	if last < at.Position {
		return &BrokenError{Position: last + 1, Reason: fmt.Sprintf(
			"the ledger ends before position %d, where a reader has been: commits are lost; bring back the newest copy of the ledger", at.Position)}
	}
	message, err := l.message(ctx, at.Position)
	if err != nil {
		return err
	}
	if events.Sum(message) != at.Hash {
		return &BrokenError{Position: at.Position, Reason: "another commit stands here than the one that a reader has read: " +
			"this is not the same ledger, or commits were lost; bring back the one that was read"}
	}
	return nil
}

// Replicas returns on how many servers the ledger is kept, as its server has said
// last.
func (l *Ledger) Replicas() int { return l.stream.CachedInfo().Config.Replicas }

// last asks the stream's leader for the last position.
func (l *Ledger) last(ctx context.Context) (events.Position, error) {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("%w: find its end: %w", ErrUnavailable, err)
	}
	return events.Position(info.State.LastSeq), nil
}

func (l *Ledger) message(ctx context.Context, position events.Position) ([]byte, error) {
	if position == 0 {
		return nil, fmt.Errorf("%w: positions begin at 1", ErrNoCommit)
	}
	m, err := l.stream.GetMsg(ctx, uint64(position))
	switch {
	case errors.Is(err, jetstream.ErrMsgNotFound):
		return nil, fmt.Errorf("%w: position %d", ErrNoCommit, position)
	case err != nil:
		return nil, fmt.Errorf("%w: read commit %d: %w", ErrUnavailable, position, err)
	}
	return m.Data, nil
}

func logOrDiscard(log *slog.Logger) *slog.Logger {
	if log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return log
}
