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
	// Deliver takes the notices that arose up to and including a checkpoint,
	// oldest first, and keeps the checkpoint: both or neither where the channel
	// can. Ids are stable, so that it can tell what it was handed before.
	Deliver(ctx context.Context, through events.Checkpoint, notices []domain.RoleNotice) error
}

// batch is how many notices are handed over at once, at least: one commit's
// notices are never torn.
const batch = 1000

// patience is the longest pause before a failed delivery is tried again.
const patience = 30 * time.Second

// Run delivers what arises until the context ends, which returns nil, or until
// the ledger cannot be read. A channel that fails is tried again from its own
// place, with growing pauses.
func Run(ctx context.Context, ledger *bus.Ledger, channel Channel, log *slog.Logger) error {
	for pause := time.Second; ; pause = min(2*pause, patience) {
		err := follow(ctx, ledger, channel)
		var failed *deliveryError
		switch {
		case ctx.Err() != nil:
			return nil //nolint:nilerr // whoever ends the context wants no error of it
		case !errors.As(err, &failed):
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
	return ledger.Follow(ctx, at, func(commits []events.Commit) error {
		var notices []domain.RoleNotice
		for i := range commits {
			state = collect(state, &commits[i], &notices)
			if len(notices) < batch && i < len(commits)-1 {
				continue
			}
			if err := channel.Deliver(ctx, commits[i].Checkpoint(), notices); err != nil {
				return &deliveryError{err}
			}
			notices = notices[:0]
		}
		return nil
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

// collect appends a commit's notices and returns the state after it.
func collect(state domain.Roster, c *events.Commit, notices *[]domain.RoleNotice) domain.Roster {
	for i := range c.Entries {
		entry := &c.Entries[i]
		before := state.Organization(entry.Organization)
		for recorded := range entry.Recorded() {
			after := before.Evolve(recorded)
			for notice := range domain.RoleNotices(before, after, recorded, c.Position) {
				*notices = append(*notices, notice)
			}
			before = after
		}
		state = state.Evolve(*entry)
	}
	return state
}
