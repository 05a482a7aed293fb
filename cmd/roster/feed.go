package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/internal/relay"
)

// feedFlags say whether, and for how long, other services can read what happened.
type feedFlags struct {
	Feed         bool          `env:"ROSTER_FEED" help:"Publish every event, and whose access it changed, in the stream EVENTS of the NATS server, for other services."`
	FeedMaxAge   time.Duration `default:"720h" env:"ROSTER_FEED_MAX_AGE" placeholder:"DURATION" help:"How long the stream EVENTS keeps a message; by default 30 days; at least a minute; 0: no limit."`
	FeedMaxBytes int64         `default:"1073741824" env:"ROSTER_FEED_MAX_BYTES" placeholder:"BYTES" help:"How large the stream EVENTS may become before it drops its oldest messages; by default 1 GiB; at least 16 MiB; 0: no limit."`
}

const (
	// minFeedMaxAge is long enough for a subscriber that reads to keep up.
	minFeedMaxAge = time.Minute
	// minFeedMaxBytes is room for a message of the greatest size, 8 MiB, beside others: a stream drops at once what
	// is larger than all of it.
	minFeedMaxBytes = 16 << 20
)

// Validate fails for limits with which the stream keeps nothing that can be read, and for limits of a stream that there
// will not be. Given says whether a flag is on the command line.
func (f *feedFlags) Validate(published bool, given func(flag string) bool) error {
	switch {
	case f.FeedMaxAge != 0 && f.FeedMaxAge < minFeedMaxAge:
		return fmt.Errorf("--feed-max-age %s: the feed keeps a message for a minute at least, as in 1m; 0 is no limit", f.FeedMaxAge)
	case f.FeedMaxBytes != 0 && f.FeedMaxBytes < minFeedMaxBytes:
		return fmt.Errorf("--feed-max-bytes %d: the feed has room for %d bytes (16 MiB) at least, as one message can have half of that; 0 is no limit", f.FeedMaxBytes, minFeedMaxBytes)
	case !published && (given("feed-max-age") || given("feed-max-bytes")):
		return errors.New("--feed-max-age and --feed-max-bytes are limits of the feed: say --feed, too")
	}
	return nil
}

// feedRelay publishes the feed of a server; nil if it has none.
type feedRelay struct {
	*relay.Relay

	follower *bus.Follower[domain.Roster]
}

// relay opens the stream, and returns what publishes in it.
func (f *feedFlags) relay(ctx context.Context, b *broker, ledger *bus.Ledger, log *slog.Logger) (*feedRelay, error) {
	if !f.Feed {
		return nil, nil
	}
	opened, err := oncePeersMeet(ctx, func() (*relay.Relay, error) {
		return relay.Open(ctx, b.Conn, ledger, relay.Config{MaxAge: f.FeedMaxAge, MaxBytes: f.FeedMaxBytes, Replicas: ledger.Replicas(), Log: log})
	})
	if err != nil {
		return nil, err
	}
	after, err := opened.Checkpoint(ctx)
	if err != nil {
		return nil, err
	}
	return &feedRelay{opened, bus.NewFollower[domain.Roster](after)}, nil
}

// publisher returns what publishes; nil for a server without a feed.
func (r *feedRelay) publisher() *relay.Relay {
	if r == nil {
		return nil
	}
	return r.Relay
}

// followers are those that the desk loads the ledger for.
func (r *feedRelay) followers() []*bus.Follower[domain.Roster] {
	if r == nil {
		return nil
	}
	return []*bus.Follower[domain.Roster]{r.follower}
}

// run publishes until the context ends.
func (r *feedRelay) run(ctx context.Context) error {
	if r == nil {
		return nil
	}
	return r.Run(ctx, r.follower)
}
