package relay

import (
	"context"
	"fmt"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// Status is what the stream holds.
type Status struct {
	// Position is that up to which every commit is in the stream.
	Position events.Position
	// Messages is how many there are, Bytes how large they are.
	Messages, Bytes uint64
	// Oldest is when the first of them was published; the zero value if there is none.
	Oldest time.Time
	// RebuildingTo is the position at which a rebuild ends; zero if there is none.
	RebuildingTo events.Position
}

// Status returns what the stream holds.
func (r *Relay) Status(ctx context.Context) (Status, error) {
	info, err := r.stream.Info(ctx)
	if err != nil {
		return Status{}, fmt.Errorf("look at the stream %s: %w", feed.StreamName, err)
	}
	pending, err := rebuildOf(info)
	if err != nil {
		return Status{}, err
	}
	s := Status{Messages: info.State.Msgs, Bytes: info.State.Bytes}
	if s.Messages > 0 {
		s.Oldest = info.State.FirstTime
	}
	if pending != nil {
		s.RebuildingTo = pending.to
	}
	s.Position, err = r.Position(ctx)
	return s, err
}

// Position returns the position up to which every commit is in the stream, whichever node publishes.
func (r *Relay) Position(ctx context.Context) (events.Position, error) {
	return Complete(ctx, r.stream)
}
