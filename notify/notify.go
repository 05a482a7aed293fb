package notify

import (
	"context"
	"errors"
	"iter"
	"log/slog"
	"slices"
	"time"

	"github.com/sethvargo/go-retry"
	"golang.org/x/sync/errgroup"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/internal/backoff"
)

// Channel delivers notices to people.
type Channel interface {
	// Checkpoint returns the checkpoint that the last call of Deliver stored; zero
	// before the first.
	Checkpoint(ctx context.Context) (events.Checkpoint, error)
	// Deliver delivers notices, oldest first, and stores a checkpoint up to which all
	// are delivered: both or neither, if the channel can. If the notices of a commit
	// come in several calls, all but the last have the checkpoint before the commit.
	// A notice that is delivered again has the same id.
	Deliver(ctx context.Context, through events.Checkpoint, notices []domain.Notice) error
}

const (
	// batchSize is the largest number of notices that are delivered at once.
	batchSize = 1000
	// batchEvents is the number of events after which a batch ends with the commit, also if it has
	// no notices. So the checkpoint moves, and little is done again after a failure.
	batchEvents = 4000
)

// Pauses before a failed delivery is tried again.
const (
	firstPause = time.Second
	maxPause   = 30 * time.Second
)

// Run delivers the notices of what follows the channel's checkpoint until the
// context ends, which returns nil, or until the ledger is broken. If the channel
// fails, or the ledger cannot be reached, Run tries again from the channel's
// checkpoint, with growing pauses.
func Run(ctx context.Context, follower *bus.Follower[domain.Roster], channel Channel, log *slog.Logger) error {
	err := backoff.Do(ctx, firstPause, maxPause, func(ctx context.Context) (delivered bool, err error) {
		err = follow(ctx, follower, channel, &delivered)
		var failed *deliveryError
		if ctx.Err() != nil || !errors.As(err, &failed) && !errors.Is(err, bus.ErrUnavailable) {
			return delivered, err
		}
		log.WarnContext(ctx, "notices are not delivered, trying again", "error", err)
		return delivered, retry.RetryableError(err)
	})
	if ctx.Err() != nil {
		return nil //nolint:nilerr // whoever ends the context wants no error of it
	}
	return err
}

// follow delivers from the channel's checkpoint, and says whether it delivered any.
func follow(ctx context.Context, follower *bus.Follower[domain.Roster], channel Channel, delivered *bool) error {
	at, err := channel.Checkpoint(ctx)
	if err != nil {
		return &deliveryError{err}
	}
	return follower.Follow(ctx, at, func(s bus.Step[domain.Roster]) error {
		err := deliver(ctx, channel, s)
		*delivered = *delivered || err == nil
		return err
	})
}

// deliveryError is a fault of the channel, not of the ledger.
type deliveryError struct{ err error }

func (e *deliveryError) Error() string { return "deliver notices: " + e.err.Error() }
func (e *deliveryError) Unwrap() error { return e.err }

// deliver delivers the notices of a step in batches: a step may lead to more notices than
// should be in memory, and take long. While the channel delivers a batch, the next is made.
func deliver(ctx context.Context, channel Channel, s bus.Step[domain.Roster]) error {
	work, ctx := errgroup.WithContext(ctx)
	ready := make(chan batch, 1)
	work.Go(func() error {
		defer close(ready)
		for next := range batches(s) {
			select {
			case ready <- next:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	work.Go(func() error {
		for next := range ready {
			if err := channel.Deliver(ctx, next.through, next.notices); err != nil {
				return &deliveryError{err}
			}
		}
		return nil
	})
	return work.Wait()
}

// batch is what a channel delivers at once: notices, and a checkpoint. All notices up to that are in
// this batch or in one before.
type batch struct {
	through events.Checkpoint
	notices []domain.Notice
}

// batches yields the notices of a step; the last batch has the checkpoint at its end.
func batches(s bus.Step[domain.Roster]) iter.Seq[batch] {
	return func(yield func(batch) bool) {
		next := batch{through: s.Before.Checkpoint}
		state, compared := s.Before.State.Transient(), 0
		for i := range s.Commits {
			c := &s.Commits[i]
			for j := range c.Entries {
				entry := &c.Entries[j]
				for notice := range notices(state, c, entry) {
					next.notices = append(next.notices, notice)
					if len(next.notices) < batchSize {
						continue
					}
					if !yield(next) {
						return
					}
					next.notices = nil
				}
				compared += len(entry.Events)
				if i == len(s.Commits)-1 && j == len(c.Entries)-1 {
					break // nothing is compared with the state after the last entry
				}
				for recorded := range entry.Recorded() {
					state = state.Apply(entry.Organization, recorded)
				}
			}
			next.through = c.Checkpoint()
			if compared >= batchEvents && i < len(s.Commits)-1 {
				if !yield(next) {
					return
				}
				next.notices, compared = nil, 0
			}
		}
		yield(next)
	}
}

// isImport reports whether an entry holds history of another system. Nobody hears of it:
// what it says was the case, and known, before it was imported.
func isImport(entry *events.Entry) bool {
	return slices.ContainsFunc(entry.Events, func(e events.Event) bool {
		_, is := e.(events.HistoryImported)
		return is
	})
}

// notices yields the notices that an entry causes, given the state before it.
func notices(state domain.Roster, c *events.Commit, entry *events.Entry) iter.Seq[domain.Notice] {
	if isImport(entry) {
		return func(func(domain.Notice) bool) {}
	}
	return domain.Notices(state.Organization(entry.Organization).At(c.Instant(entry)), entry, c.Position)
}
