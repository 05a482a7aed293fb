package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// Channel delivers notices to people.
type Channel interface {
	// Checkpoint returns how far everything has been delivered; zero at first.
	Checkpoint(ctx context.Context) (events.Checkpoint, error)
	// Deliver takes notices, oldest first, and keeps a checkpoint up to which all
	// have been delivered: both or neither where the channel can. Notices of a
	// commit that is handed over in parts come with the checkpoint before it. Ids
	// are stable, so that the channel can tell what it was handed before.
	Deliver(ctx context.Context, through events.Checkpoint, notices []domain.RoleNotice) error
}

// batch is how many notices are handed over at once, at most.
const batch = 1000

// patience is the longest pause before a failed delivery is tried again.
const patience = 30 * time.Second

// Run delivers what arises until the context ends, which returns nil, or until
// the ledger is broken. While the channel fails, or the ledger is out of reach, it
// tries again from the channel's own place, with growing pauses.
func Run(ctx context.Context, ledger *bus.Ledger, channel Channel, log *slog.Logger) error {
	for pause := time.Second; ; pause = min(2*pause, patience) {
		err := follow(ctx, ledger, channel)
		var failed *deliveryError
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // whoever ends the context wants no error of it
		case !errors.As(err, &failed) && !errors.Is(err, bus.ErrUnavailable):
			return err
		}
		log.WarnContext(ctx, "notices are not delivered, trying again", "error", err, "after", pause)
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
}

// deliveryError is a fault of the channel, not of the ledger.
type deliveryError struct{ err error }

func (e *deliveryError) Error() string { return "deliver notices: " + e.err.Error() }
func (e *deliveryError) Unwrap() error { return e.err }

func follow(ctx context.Context, ledger *bus.Ledger, channel Channel) error {
	at, err := channel.Checkpoint(ctx)
	if err != nil {
		return &deliveryError{err}
	}
	state, err := stateAt(ctx, ledger, at)
	if err != nil {
		return fmt.Errorf("load the state that notices start from: %w", err)
	}
	r := round{channel: channel, state: state, at: at}
	return ledger.Follow(ctx, at, func(commits []events.Commit) error {
		for i := range commits {
			if err := r.take(ctx, &commits[i]); err != nil {
				return err
			}
		}
		return r.deliver(ctx)
	})
}

func stateAt(ctx context.Context, ledger *bus.Ledger, at events.Checkpoint) (domain.Roster, error) {
	var state domain.Roster
	if at.Position == 0 {
		return state, nil
	}
	err := ledger.Read(ctx, events.Checkpoint{}, at.Position, func(commits []events.Commit) error {
		for i := range commits {
			state = state.Evolve(commits[i].Entries...)
		}
		return nil
	})
	return state, err
}

// round is how far notices have come, and those that are not handed over yet.
type round struct {
	channel Channel
	state   domain.Roster
	at      events.Checkpoint
	waiting []domain.RoleNotice
}

// take collects a commit's notices, of which there may be more than memory holds.
func (r *round) take(ctx context.Context, c *events.Commit) error {
	for i := range c.Entries {
		entry := &c.Entries[i]
		before := r.state.Organization(entry.Organization)
		for recorded := range entry.Recorded() {
			after := before.Evolve(recorded)
			for notice := range domain.RoleNotices(before, after, recorded, c.Position) {
				r.waiting = append(r.waiting, notice)
				if len(r.waiting) < batch {
					continue
				}
				if err := r.deliver(ctx); err != nil {
					return err
				}
			}
			before = after
		}
		r.state = r.state.Evolve(*entry)
	}
	r.at = c.Checkpoint()
	return nil
}

func (r *round) deliver(ctx context.Context) error {
	if err := r.channel.Deliver(ctx, r.at, r.waiting); err != nil {
		return &deliveryError{err}
	}
	r.waiting = r.waiting[:0]
	return nil
}
