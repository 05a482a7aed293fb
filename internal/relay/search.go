package relay

import (
	"context"
	"errors"
	"fmt"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// ErrDropped says that the stream keeps some of the messages no longer that are wanted.
var ErrDropped = errors.New("messages that are wanted are no longer kept")

// After returns a sequence of the stream behind which all messages are that belong to commits after a position. Some
// of earlier commits may be behind it too. It fails with [ErrDropped] if one of those was dropped, as far as that
// can be told: it may also fail if what was dropped belongs to earlier commits.
func After(ctx context.Context, stream jetstream.Stream, position events.Position) (uint64, error) {
	info, err := stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("look at the stream %s: %w", feed.StreamName, err)
	}
	if info.State.Msgs == 0 {
		return info.State.LastSeq, nil // the relay publishes everything again
	}
	found, since, err := lastThrough(ctx, stream, info.State.FirstSeq, info.State.LastSeq, position)
	if err != nil {
		return 0, err
	}
	dropped, err := Dropped(ctx, stream)
	switch {
	case err != nil:
		return 0, err
	case !found && dropped > 0, dropped > since:
		return 0, ErrDropped
	}
	return since, nil
}

// lastThrough searches the messages from first to last for the last one before which no more than the commits up to a
// position were complete, and returns the sequence behind which the messages of later commits are.
func lastThrough(ctx context.Context, stream jetstream.Stream, first, last uint64, position events.Position) (found bool, since uint64, err error) {
	for end := last + 1; first < end; {
		middle := first + (end-first)/2
		m, err := stream.GetMsg(ctx, middle, jetstream.WithGetMsgSubject(">"))
		if errors.Is(err, jetstream.ErrMsgNotFound) {
			end = middle
			continue
		}
		if err != nil {
			return false, 0, fmt.Errorf("search the stream %s: %w", feed.StreamName, err)
		}
		complete, err := parseNumber(m.Header, feed.Complete)
		if err != nil {
			return false, 0, err
		}
		if complete > uint64(position) {
			end = middle
			continue
		}
		if since, err = parseNumber(m.Header, sinceHeader); err != nil {
			return false, 0, err
		}
		found, first = true, m.Sequence+1
	}
	return found, since, nil
}

// Dropped returns the sequence of the last message that the stream keeps no longer, heartbeats left out; 0 for none.
// Nothing of a stream that was emptied counts, since the relay publishes it again.
func Dropped(ctx context.Context, stream jetstream.Stream) (uint64, error) {
	m, err := edge(ctx, stream, func(s jetstream.StreamState) uint64 { return s.FirstSeq })
	if m == nil || err != nil {
		return 0, err
	}
	return previousOf(m)
}

// previousOf returns the sequence of the message before, heartbeats left out. Messages of programs before this
// header existed do not tell, so it is the one before.
func previousOf(m *jetstream.RawStreamMsg) (uint64, error) {
	if m.Header.Get(previousHeader) == "" {
		return m.Sequence - 1, nil
	}
	return parseNumber(m.Header, previousHeader)
}

// edge returns the message whose sequence is chosen from the stream's state: the first or the last one; nil if there
// is none. While it reads, that one may be dropped, and another one takes its place.
func edge(ctx context.Context, stream jetstream.Stream, choose func(jetstream.StreamState) uint64) (*jetstream.RawStreamMsg, error) {
	for {
		info, err := stream.Info(ctx)
		if err != nil {
			return nil, fmt.Errorf("look at the stream %s: %w", feed.StreamName, err)
		}
		if info.State.Msgs == 0 {
			return nil, nil
		}
		m, err := stream.GetMsg(ctx, choose(info.State))
		if err == nil {
			return m, nil
		}
		if !errors.Is(err, jetstream.ErrMsgNotFound) || ctx.Err() != nil {
			return nil, fmt.Errorf("read a message of %s: %w", feed.StreamName, err)
		}
	}
}

// Complete returns the position up to which every commit is in the stream.
func Complete(ctx context.Context, stream jetstream.Stream) (events.Position, error) {
	m, err := edge(ctx, stream, func(s jetstream.StreamState) uint64 { return s.LastSeq })
	if m == nil || err != nil {
		return 0, err
	}
	complete, err := parseNumber(m.Header, feed.Complete)
	return events.Position(complete), err
}
