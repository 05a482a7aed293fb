package relay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
)

// A rebuild empties the stream and publishes everything again, with the same ids. What it has to do
// stands in the metadata of the stream, and where its durable consumers go on in theirs, so that another relay can
// finish it.
const (
	// rebuildTo is the position in the ledger at which a rebuild ends.
	rebuildTo = "roster-rebuild-to"
	// rebuildEmptied says that the stream was emptied for it. Its messages do not tell: it may have had none but heartbeats.
	rebuildEmptied = "roster-rebuild-emptied"
	// goesOnAfter is, of a consumer, the position behind which it goes on after a rebuild.
	goesOnAfter = "roster-goes-on-after"
	// beganAgain is, of a consumer, when it went on after a rebuild; beganBehind the sequence behind which.
	beganAgain  = "roster-began-again"
	beganBehind = "roster-began-behind"
)

// restBetween is for how long consumers rest at most while their stream is made again.
const restBetween = time.Hour

// errEmptied says that the stream was emptied, to be made again.
var errEmptied = errors.New("the stream was emptied and is made again")

// rebuild is what a rebuild has to do.
type rebuild struct {
	to      events.Position
	emptied bool
}

// rebuildOf reads what the metadata of the stream says; nil if nothing is to be done.
func rebuildOf(info *jetstream.StreamInfo) (*rebuild, error) {
	text, is := info.Config.Metadata[rebuildTo]
	if !is {
		return nil, nil
	}
	to, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("the metadata %s of %s: %w", rebuildTo, feed.StreamName, err)
	}
	_, emptied := info.Config.Metadata[rebuildEmptied]
	return &rebuild{events.Position(to), emptied}, nil
}

// Rebuilding reports whether the stream is being made again: until that has ended, nobody begins to read it.
func Rebuilding(info *jetstream.StreamInfo) bool {
	_, is := info.Config.Metadata[rebuildTo]
	return is
}

// Rebuild has the relay that works, of whatever node, empty the stream and publish everything again. It returns
// at once, with the position at which that ends. While one is under way, it changes nothing.
func (r *Relay) Rebuild(ctx context.Context) (events.Position, error) {
	end, err := r.ledger.End(ctx)
	if err != nil {
		return 0, err
	}
	info, err := r.stream.Info(ctx)
	if err != nil {
		return 0, fmt.Errorf("look at the stream %s: %w", feed.StreamName, err)
	}
	pending, err := rebuildOf(info)
	if err != nil {
		return 0, err
	}
	if pending != nil {
		return pending.to, nil
	}
	return end.Position, r.setRebuild(ctx, info, &rebuild{to: end.Position})
}

// setRebuild writes what a rebuild has to do into the metadata of the stream; nil removes it.
func (r *Relay) setRebuild(ctx context.Context, info *jetstream.StreamInfo, to *rebuild) error {
	cfg := info.Config
	cfg.Metadata = maps.Clone(cfg.Metadata)
	delete(cfg.Metadata, rebuildTo)
	delete(cfg.Metadata, rebuildEmptied)
	if to != nil {
		if cfg.Metadata == nil {
			cfg.Metadata = map[string]string{}
		}
		cfg.Metadata[rebuildTo] = number(uint64(to.to))
		if to.emptied {
			cfg.Metadata[rebuildEmptied] = "true"
		}
	}
	if _, err := r.js.UpdateStream(ctx, cfg); err != nil {
		return fmt.Errorf("write down the rebuild of %s: %w", feed.StreamName, err)
	}
	return nil
}

// watchRebuild tells, every second, what a rebuild has to do, until the context ends.
func (t *term) watchRebuild(ctx context.Context) {
	every := time.NewTicker(heartbeatEvery)
	defer every.Stop()
	for {
		info, err := t.stream.Info(ctx)
		if err == nil && Rebuilding(info) {
			select {
			case t.rebuilds <- info:
			case <-ctx.Done():
				return
			}
		}
		select {
		case <-every.C:
		case <-ctx.Done():
			return
		}
	}
}

// goOnWithRebuild does what can be done of a rebuild now. It fails with errEmptied once it has emptied the stream.
func (t *term) goOnWithRebuild(ctx context.Context, info *jetstream.StreamInfo) error {
	pending, err := rebuildOf(info)
	if err != nil || pending == nil {
		return err
	}
	if !pending.emptied {
		return t.empty(ctx, info, pending.to)
	}
	if t.queue.certain() < pending.to {
		return nil
	}
	if err := t.letConsumersGoOn(ctx); err != nil {
		return err
	}
	t.log.InfoContext(ctx, "the feed was made again", "position", pending.to)
	return t.setRebuild(ctx, info, nil)
}

// empty empties the stream, whose durable consumers rest until it is full again. The heartbeat that stays says that
// nothing is complete. It is published first: if another relay has published meanwhile, the server refuses it, and nothing is
// emptied. If this ends before it is written down, the stream is emptied once more.
func (t *term) empty(ctx context.Context, info *jetstream.StreamInfo, to events.Position) error {
	if err := t.flush(ctx, t.id); err != nil {
		return err
	}
	if err := t.stopConsumers(ctx); err != nil {
		return err
	}
	t.log.InfoContext(ctx, "the feed is emptied and made again", "position", to)
	t.emptying = true
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), ackWait) // whoever goes on needs the heartbeat alone
	defer cancel()
	t.previous = 0
	if err := errors.Join(t.publishBeat(ctx, t.id, events.Checkpoint{}, t.sequence, time.Now()), t.drain(ctx)); err != nil {
		return err
	}
	if err := t.stream.Purge(ctx, jetstream.WithPurgeSequence(t.sequence)); err != nil {
		return fmt.Errorf("empty the stream %s: %w", feed.StreamName, err)
	}
	if err := t.setRebuild(ctx, info, &rebuild{to, true}); err != nil {
		return err
	}
	return errEmptied
}

// stopConsumers has the durable consumers rest, and notes in each where it goes on.
func (t *term) stopConsumers(ctx context.Context) error {
	last, err := Complete(ctx, t.stream)
	if err != nil {
		return err
	}
	consumers := t.stream.ListConsumers(ctx)
	for c := range consumers.Info() {
		if _, noted := c.Config.Metadata[goesOnAfter]; noted || c.Config.Durable == "" {
			continue
		}
		after := last
		m, err := t.stream.GetMsg(ctx, c.AckFloor.Stream+1, jetstream.WithGetMsgSubject(">"))
		switch {
		case errors.Is(err, jetstream.ErrMsgNotFound) && c.AckFloor.Stream >= t.previous: // it has read everything
		case err != nil:
			return fmt.Errorf("find the place of the consumer %s: %w", c.Name, err)
		default:
			complete, err := parseNumber(m.Header, feed.Complete)
			if err != nil {
				return err
			}
			after = events.Position(complete)
		}
		cfg := c.Config
		cfg.Metadata = maps.Clone(cfg.Metadata)
		if cfg.Metadata == nil {
			cfg.Metadata = map[string]string{}
		}
		cfg.Metadata[goesOnAfter] = number(uint64(after))
		if _, err := t.stream.UpdateConsumer(ctx, cfg); err != nil {
			return fmt.Errorf("note the place of the consumer %s: %w", c.Name, err)
		}
		if _, err := t.stream.PauseConsumer(ctx, c.Name, time.Now().Add(restBetween)); err != nil {
			return fmt.Errorf("have the consumer %s rest: %w", c.Name, err)
		}
	}
	return consumers.Err()
}

// letConsumersGoOn lets the consumers that rest go on where they were. If messages behind that are not kept, they
// begin with the first one. The note of a consumer's place goes last: if the relay ends before, another one does the same again.
func (t *term) letConsumersGoOn(ctx context.Context) error {
	consumers := t.stream.ListConsumers(ctx)
	for c := range consumers.Info() {
		text, noted := c.Config.Metadata[goesOnAfter]
		if !noted {
			continue
		}
		position, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return fmt.Errorf("the metadata of the consumer %s: %w", c.Name, err)
		}
		sequence, err := After(ctx, t.stream, events.Position(position))
		if err != nil && !errors.Is(err, ErrDropped) {
			return err
		}
		next := max(sequence+1, c.Config.OptStartSeq)
		cfg := c.Config
		cfg.Metadata = maps.Clone(cfg.Metadata)
		delete(cfg.Metadata, goesOnAfter)
		if err := t.letGoOn(ctx, cfg, next); err != nil {
			return fmt.Errorf("let the consumer %s go on: %w", c.Name, err)
		}
	}
	return consumers.Err()
}

// letGoOn sets the place of a consumer that rests, and lets it go on with a configuration.
func (t *term) letGoOn(ctx context.Context, cfg jetstream.ConsumerConfig, next uint64) error {
	switch cfg.DeliverPolicy {
	case jetstream.DeliverAllPolicy, jetstream.DeliverByStartSequencePolicy:
		cfg.Metadata[beganAgain], cfg.Metadata[beganBehind] = formatTime(time.Now()), number(next-1)
		if _, err := t.js.ResetConsumerToSequence(ctx, feed.StreamName, cfg.Name, next); err != nil {
			return err
		}
		if _, err := t.stream.ResumeConsumer(ctx, cfg.Name); err != nil {
			return err
		}
		_, err := t.stream.UpdateConsumer(ctx, cfg)
		return err
	default: // the server does not set the place of such a one: it is made anew
		cfg.DeliverPolicy, cfg.OptStartSeq, cfg.OptStartTime, cfg.PauseUntil = jetstream.DeliverByStartSequencePolicy, next, nil, nil
		if err := t.stream.DeleteConsumer(ctx, cfg.Name); err != nil && !errors.Is(err, jetstream.ErrConsumerNotFound) {
			return err
		}
		_, err := t.stream.CreateConsumer(ctx, cfg)
		return err
	}
}

// Began returns when a consumer began to read, and behind which sequence: a rebuild of the stream lets it begin again.
func Began(c *jetstream.ConsumerInfo) (at time.Time, behind uint64) {
	at, err := time.Parse(time.RFC3339Nano, c.Config.Metadata[beganAgain])
	if err == nil {
		behind, err = strconv.ParseUint(c.Config.Metadata[beganBehind], 10, 64)
	}
	if err != nil { // there was no rebuild
		return c.Created, max(c.Config.OptStartSeq, 1) - 1
	}
	return at, behind
}
