package relay

import (
	"context"
	"fmt"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/feed"
)

// look is what the stream keeps no longer: messages up to the sequence dropped, when it ended at checked.
type look struct{ dropped, checked uint64 }

// watchDropped looks every second what the stream keeps no longer, which heartbeats tell. It does so beside the relay, which waits for
// nothing.
func (t *term) watchDropped(ctx context.Context) {
	tick := time.NewTicker(heartbeatEvery)
	defer tick.Stop()
	for {
		found, err := lookAt(ctx, t.stream)
		if err == nil {
			t.kept.Store(&found)
		} else if ctx.Err() == nil {
			t.log.WarnContext(ctx, "it is not known what the feed keeps", "error", err)
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func lookAt(ctx context.Context, stream jetstream.Stream) (look, error) {
	info, err := stream.Info(ctx)
	if err != nil {
		return look{}, fmt.Errorf("look at the stream %s: %w", feed.StreamName, err)
	}
	dropped, err := Dropped(ctx, stream) // after the end of the stream was seen
	return look{dropped, info.State.LastSeq}, err
}
