package subscriber

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/relay"
)

// snapshotNeeded says that messages are gone.
func snapshotNeeded(name string) *feed.Problem {
	return &feed.Problem{Code: feed.SnapshotNeeded, Detail: fmt.Sprintf("Messages between this start and the first one kept are gone. Take a snapshot with `roster export snapshot --org ORG`, "+
		"which is GET /v1/organizations/{org}/snapshot, or read the whole history from %s, page by page. Then start after its position, a durable consumer with restart.", feed.SubscriberSubject(name, feed.History))}
}

// startOf returns the sequence behind which a reader begins. It fails with [relay.ErrDropped] if messages that
// are wanted are gone.
func (s *Service) startOf(ctx context.Context, subscriber Subscriber, request feed.OpenRequest) (uint64, error) {
	start := request.Start
	fields := 0
	for _, set := range []bool{start.Beginning, start.After != nil, !start.Time.IsZero(), start.Sequence > 0} {
		if set {
			fields++
		}
	}
	switch {
	case fields > 1:
		return 0, &feed.Problem{Code: feed.Invalid, Detail: "A start has one of beginning, after, time and sequence."}
	case start.Beginning:
		return s.beginning(ctx, subscriber, request.Organizations)
	case start.After != nil:
		return s.after(ctx, *start.After)
	case start.Time.After(time.Now().Add(setBack)):
		return 0, &feed.Problem{Code: feed.Invalid, Detail: fmt.Sprintf("The time of a start is in the past, and %s is to come. Leave the start out to begin with what happens next.", start.Time.UTC().Format(time.RFC3339))}
	case !start.Time.IsZero():
		before, err := s.lastBefore(ctx, start.Time.Add(-setBack))
		if err != nil {
			return 0, err
		}
		return relay.After(ctx, s.stream, before)
	}
	info, err := s.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("look at the stream %s: %w", feed.StreamName, err)
	}
	switch {
	case start.Sequence == 0:
		return info.State.LastSeq, nil
	case start.Sequence > info.State.LastSeq:
		return 0, &feed.Problem{Code: feed.SnapshotNeeded, Detail: fmt.Sprintf("The stream ends before sequence %d: it was made anew, or has lost its end. Start after a position: that of the last message read, or of `roster export snapshot --org ORG`.", start.Sequence)}
	}
	return start.Sequence, s.checkKept(ctx, start.Sequence)
}

// beginning returns the sequence behind which all messages of organizations are. What was dropped may be of others: one has
// everything if the first message that the stream has of it is that of its creation.
func (s *Service) beginning(ctx context.Context, subscriber Subscriber, wanted []events.OrganizationID) (uint64, error) {
	dropped, err := relay.Dropped(ctx, s.stream)
	if dropped == 0 || err != nil {
		return 0, err
	}
	state := s.View().State
	organizations, err := organizationsOf(subscriber, state, wanted)
	if err != nil {
		return 0, err
	}
	for _, org := range organizations {
		if org == everyOrganization {
			return 0, relay.ErrDropped
		}
		if last, _ := state.Last(org); last == 0 {
			continue // there never was one with this id
		}
		created := subscriber.creation(state, org)
		first, err := s.stream.GetMsg(ctx, 1, jetstream.WithGetMsgSubject(feed.Subject(org, created, ">")))
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound):
			return 0, relay.ErrDropped
		case err != nil:
			return 0, fmt.Errorf("read the first message of organization %s: %w", org, err)
		case first.Header.Get(feed.Version) != strconv.FormatUint(uint64(created), 10) || first.Header.Get(feed.Index) != "0":
			return 0, relay.ErrDropped
		}
	}
	return dropped, nil
}

// after returns the sequence behind which the messages after a position begin. A ledger that ends before the position is
// another one than whoever has the position knows, or has been restored: like a sequence behind the end, it makes them
// begin anew.
func (s *Service) after(ctx context.Context, position events.Position) (uint64, error) {
	end, err := s.Ledger.End(ctx)
	switch {
	case err != nil:
		return 0, err
	case position > end.Position:
		return 0, &feed.Problem{Code: feed.SnapshotNeeded, Detail: fmt.Sprintf("The ledger ends at position %d, before position %d: the position is of another ledger, or this one was restored from an older copy. "+
			"Drop what is known of later positions, take a snapshot with `roster export snapshot --org ORG`, and start after its position.", end.Position, position)}
	}
	return relay.After(ctx, s.stream, position)
}

// checkKept fails with [relay.ErrDropped] if a message behind a sequence was dropped.
func (s *Service) checkKept(ctx context.Context, sequence uint64) error {
	dropped, err := relay.Dropped(ctx, s.stream)
	if err == nil && dropped > sequence {
		return relay.ErrDropped
	}
	return err
}

// setBack is how far the times of commits go back at most, as when a clock is set back: what it is by which commands are
// refused, unless somebody has changed that.
const setBack = 5 * time.Minute

// lastBefore returns the position of a commit that was recorded before a time, and whose next one was not; 0 for none.
// Since times may go back, others before it may have been recorded up to setBack later.
func (s *Service) lastBefore(ctx context.Context, t time.Time) (events.Position, error) {
	end, err := s.Ledger.End(ctx)
	if err != nil {
		return 0, err
	}
	var failed error
	n := sort.Search(int(end.Position), func(i int) bool { //nolint:gosec // no ledger has so many
		commit, err := s.Ledger.At(ctx, events.Position(i+1)) //nolint:gosec // it is not negative
		if err != nil {
			failed = errors.Join(failed, err)
		}
		return err != nil || !commit.At.Before(t)
	})
	return events.Position(n), failed //nolint:gosec // it is not negative
}
