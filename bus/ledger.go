package bus

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

// Ledger is the stream of all commits, in the one order in which they happened. Its
// methods may be called from many goroutines.
type Ledger struct {
	nc        *nats.Conn
	stream    jetstream.Stream
	publisher *publisher
	ackWait   time.Duration
	pullWait  time.Duration // of a reader: for an answer, and between heartbeats
	writable  func() error
	log       *slog.Logger
}

// OpenConfig configures a ledger. Its zero value is for an external server that
// syncs its writes or keeps three replicas.
type OpenConfig struct {
	// Synced says that the server is known to sync every write, as that of package
	// natsserver does. Open then does not ask the server.
	Synced bool
	// AllowUnsynced accepts a server that may lose acknowledged commits in a power
	// failure.
	AllowUnsynced bool
	// Existing says that there is a ledger. If there is none, Open fails with
	// [ErrNoLedger] and creates nothing.
	Existing bool
	// Appending is the connection over which commits are appended, so that they do not wait
	// behind what others read; nil means the one of Open.
	Appending *nats.Conn
	// Replicas is on how many servers a stream created now is kept; zero means 1.
	Replicas int
	// AckWait is how long to wait for one acknowledgement before publishing again;
	// zero means 2 seconds.
	AckWait time.Duration
	// Writable tells whether the server can write: it fails with [ErrNoSpace] or [ErrNotWritable].
	// It is called before each commit. Nil means that nobody knows.
	Writable func() error
	// Log receives warnings about connections; nil drops them.
	Log *slog.Logger
}

// Open finds the stream of the ledger or, unless it must exist, creates it. It refuses a stream with other
// settings ([*SettingError]), one that has lost messages ([*BrokenError]), and a
// server that may lose acknowledged commits ([ErrUnsynced]).
func Open(ctx context.Context, nc *nats.Conn, cfg OpenConfig) (*Ledger, error) {
	js, err := jetstream.New(nc)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	stream, err := openStream(ctx, js, cfg)
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
	publisher, err := newPublisher(cmp.Or(cfg.Appending, nc), wait)
	if err != nil {
		return nil, fmt.Errorf("open the ledger: %w", err)
	}
	return &Ledger{nc: nc, stream: stream, publisher: publisher, ackWait: wait, pullWait: pullWait, writable: cfg.Writable, log: logOrDiscard(cfg.Log)}, nil
}

// Writable returns nil if commits can be appended, as far as it is known. It fails with
// [ErrNoSpace] and [ErrNotWritable].
func (l *Ledger) Writable() error {
	if l.writable == nil {
		return nil
	}
	return l.writable()
}

// End returns the checkpoint of the last commit; the zero value if there is none.
func (l *Ledger) End(ctx context.Context) (events.Checkpoint, error) {
	last, err := l.last(ctx)
	if err != nil || last == 0 {
		return events.Checkpoint{}, err
	}
	message, err := l.written(ctx, last)
	if err != nil {
		return events.Checkpoint{}, err
	}
	return events.Checkpoint{Position: last, Hash: events.Sum(message)}, nil
}

// lastCommit returns the last commit; the zero value if there is none.
func (l *Ledger) lastCommit(ctx context.Context) (events.Commit, error) {
	last, err := l.last(ctx)
	if err != nil || last == 0 {
		return events.Commit{}, err
	}
	message, err := l.written(ctx, last)
	if err != nil {
		return events.Commit{}, err
	}
	return events.Decode(message, last)
}

// ServerTime returns the time of the NATS server that leads the stream. It fails if that does not
// tell it.
func (l *Ledger) ServerTime(ctx context.Context) (time.Time, error) {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: ask for the server's time: %w", ErrUnavailable, err)
	}
	if info.TimeStamp.IsZero() {
		return time.Time{}, errors.New("the NATS server does not tell its time")
	}
	return info.TimeStamp, nil
}

// At returns the commit at a position. It fails with [ErrNoCommit] if there is none.
func (l *Ledger) At(ctx context.Context, position events.Position) (events.Commit, error) {
	message, err := l.message(ctx, position)
	if err != nil {
		return events.Commit{}, err
	}
	return events.Decode(message, position)
}

// Check fails with a [*BrokenError] if the ledger is not the one that a checkpoint
// comes from: it ends earlier, or has another commit there. Such a ledger has lost
// commits, and answers from it would contradict earlier ones.
func (l *Ledger) Check(ctx context.Context, at events.Checkpoint) error {
	if at.Position == 0 {
		return nil
	}
	last, err := l.last(ctx)
	if err != nil {
		return err
	}
	if last < at.Position {
		return endsBefore(last, at)
	}
	message, err := l.written(ctx, at.Position)
	if err != nil {
		return err
	}
	if events.Sum(message) != at.Hash {
		return anotherCommit(at)
	}
	return nil
}

func endsBefore(last events.Position, at events.Checkpoint) error {
	return &BrokenError{Position: last + 1, Reason: fmt.Sprintf(
		"the ledger ends at position %d, and position %d has been read from it: commits are lost; bring back the newest copy of the ledger", last, at.Position)}
}

func anotherCommit(at events.Checkpoint) error {
	return &BrokenError{Position: at.Position, Reason: "another commit stands here than the one that a reader has read: " +
		"this is not the same ledger, or commits were lost; bring back the one that was read"}
}

// Replicas returns on how many servers the ledger is kept, as the server last said.
func (l *Ledger) Replicas() int { return l.stream.CachedInfo().Config.Replicas }

// last asks the stream's leader for the last position.
func (l *Ledger) last(ctx context.Context) (events.Position, error) {
	info, err := l.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("%w: find its end: %w", ErrUnavailable, err)
	}
	return events.Position(info.State.LastSeq), nil
}

// unreadable is the reason of a [*BrokenError].
const unreadable = "the commit cannot be read"

// written returns the message at a position that the ledger has reached. It fails with a
// [*BrokenError] if it is not there.
func (l *Ledger) written(ctx context.Context, position events.Position) ([]byte, error) {
	message, err := l.message(ctx, position)
	if errors.Is(err, ErrNoCommit) {
		return nil, &BrokenError{Position: position, Reason: unreadable + "; bring back the newest copy of the ledger", Err: err}
	}
	return message, err
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
