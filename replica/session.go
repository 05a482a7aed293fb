package replica

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/retention"
)

const (
	// silence is for how long a stream may tell nothing, not even a heartbeat, before it is opened again.
	silence = 4 * time.Second
	// behindFor is for how long the stream may end before what was applied, since Roster publishes late, before that
	// is thought to be of another ledger.
	behindFor = 10 * time.Second
	// rebuildPause is the time between two looks at history while Roster makes its stream again.
	rebuildPause = time.Second
	// sureAfter is how long after a position was read Roster has looked, for certain, whether the stream had dropped messages
	// before the consumer got them. It looks every 10 seconds.
	sureAfter = 30 * time.Second
	// maxEpochs is how many epochs are remembered.
	maxEpochs = 1000
)

var (
	// errLost says that a message did not come.
	errLost = errors.New("a message of the stream was lost on its way")
	// errEpoch says that the stream was begun anew.
	errEpoch = errors.New("publishing has begun anew, since Roster was restarted, another node took over, or the stream is made again: nothing is lost")
	// errRebuilding says that the stream is made again.
	errRebuilding = errors.New("the stream is made again: meanwhile history is read")
	// errReconnected says that the connection was lost and is there again.
	errReconnected = errors.New("the connection was lost, and is there again")
	// errBehind says that the stream ends before what was applied.
	errBehind = errors.New("the stream ends before what was applied")
	// errOvertaken says that the stream may have dropped messages that were not read.
	errOvertaken = errors.New("the stream may have dropped messages before they were read, so history was read")
	// errRenewed says that the state was made anew.
	errRenewed = errors.New("the replica was made anew")
)

// session opens the stream after what was applied, and applies what it tells, until that fails. It returns whether it
// has applied anything.
func (r *Replica) session(ctx context.Context) (advanced bool, err error) {
	if r.overtaken && !r.suspect {
		return r.withoutStream(ctx, errOvertaken)
	}
	after := r.sure.position
	r.next = mark{after, r.options.Elapsed()}
	opened, err := ask[feed.OpenResponse](ctx, r, feed.Open, feed.OpenRequest{Organizations: r.options.Organizations, Start: feed.Start{After: &after}})
	switch {
	case isProblem(err, feed.SnapshotNeeded), isProblem(err, feed.Rebuilding):
		return r.withoutStream(ctx, err)
	case err != nil:
		return false, err
	}
	defer r.close(opened)
	if r.suspect {
		if err := r.renew(ctx); err != nil {
			return false, err
		}
		r.suspect = false
		return true, errRenewed
	}
	consumer, err := r.js.Consumer(ctx, feed.StreamName, opened.Consumer)
	if err != nil {
		return false, fmt.Errorf("read the stream %s: %w", feed.StreamName, err)
	}
	var options []jetstream.PullMessagesOpt
	if opened.Group != "" {
		options = append(options, jetstream.PullPriorityGroup(opened.Group))
	}
	messages, err := consumer.Messages(options...)
	if err != nil {
		return false, fmt.Errorf("read the stream %s: %w", feed.StreamName, err)
	}
	defer messages.Stop()
	defer context.AfterFunc(ctx, messages.Stop)()
	defer r.afterReconnect(messages.Stop)()
	r.clock.reopened()
	reading := reading{Replica: r, entries: map[events.OrganizationID]*partial{}}
	for {
		m, err := messages.Next(jetstream.NextMaxWait(silence))
		if err == nil {
			err = reading.take(ctx, m)
		}
		if err != nil {
			if errors.Is(err, jetstream.ErrMsgIteratorClosed) { // afterReconnect has stopped it
				err = errReconnected
			}
			r.suspect = errors.Is(err, errDiverged) || errors.Is(err, errBehind)
			// Roster deletes the consumer of a reader that was overtaken. NATS alone does not tell of a gap.
			r.overtaken = errors.Is(err, jetstream.ErrConsumerDeleted) || errors.Is(err, errOvertaken)
			return reading.advanced, err
		}
	}
}

// mark is a position that was read at an elapsed time.
type mark struct {
	position events.Position
	at       time.Duration
}

// advance notes that the consumer has read up to the state's position. NATS goes on behind messages that the stream drops
// before the consumer gets them, with no gap in its numbers. Roster finds that out a little later, and deletes the consumer. So
// a session begins after a position that is older than that: if messages behind it are gone, Roster refuses to open.
func (r *Replica) advance(elapsed time.Duration) {
	if elapsed-r.next.at >= sureAfter {
		r.sure, r.next = r.next, mark{r.state.position, elapsed}
	}
}

// afterReconnect calls stop when the connection was lost and is there again: what was on its way is lost. So it does when the
// connection is closed for good. It returns what ends that.
func (r *Replica) afterReconnect(stop func()) (end func()) {
	again := r.nc.StatusChanged(nats.CONNECTED, nats.CLOSED)
	r.done.Go(func() {
		if _, open := <-again; open {
			stop()
		}
	})
	return func() { r.nc.RemoveStatusListener(again) }
}

// close tells Roster that a consumer is not read any more.
func (r *Replica) close(opened feed.OpenResponse) {
	body, err := json.Marshal(feed.CloseRequest{Consumer: opened.Consumer, Group: opened.Group})
	if err == nil {
		_ = r.nc.PublishRequest(feed.SubscriberSubject(r.options.Subscriber, feed.Close), r.nc.NewInbox(), body) // without that it is gone a little later
	}
}

// withoutStream brings the state up to date from history, since Roster's stream lacks what follows, or is made again.
func (r *Replica) withoutStream(ctx context.Context, problem error) (advanced bool, err error) {
	if isProblem(problem, feed.Rebuilding) {
		problem = errRebuilding
		select {
		case <-time.After(rebuildPause):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	asked := r.options.Now()
	if err := r.catchUp(ctx, r.state); err != nil {
		r.suspect = errors.Is(err, errDiverged)
		return false, err
	}
	r.refresh(asked)
	return true, problem
}

// reading is what is known of the messages of a consumer.
type reading struct {
	*Replica

	// sequence is that of the last message, by the consumer's count.
	sequence uint64
	kept     retention.Reader
	epoch    string
	// entries are those of which not all events have come.
	entries map[events.OrganizationID]*partial
	// behind is since when the stream has ended before what was applied; zero if it does not.
	behind   time.Duration
	advanced bool
}

// partial is an entry of which not all events have come.
type partial struct {
	entry

	next uint64
}

// take takes in a message.
func (d *reading) take(ctx context.Context, m jetstream.Msg) error {
	about, err := m.Metadata()
	if err != nil {
		return err
	}
	if about.Sequence.Consumer != d.sequence+1 {
		return errLost
	}
	d.sequence++
	if err := d.enter(m.Headers().Get(feed.Epoch)); err != nil {
		return err
	}
	told, err := parse(m.Headers())
	if err != nil {
		return err
	}
	if told.isHeartbeat() {
		return d.beat(told, m, about.Sequence.Stream)
	}
	if err := d.read(ctx, told, m); err != nil {
		return err
	}
	d.state.position = max(d.state.position, told.complete)
	return nil
}

// enter notes the epoch of a message. It fails with errEpoch the first time that one begins while the stream is read: messages
// that were read before may have been lost, and others may have taken their place.
func (d *reading) enter(epoch string) error {
	last := d.epoch
	d.epoch = epoch
	if last == epoch {
		return nil
	}
	_, known := d.epochs[epoch]
	if len(d.epochs) >= maxEpochs {
		clear(d.epochs)
	}
	d.epochs[epoch] = struct{}{}
	if last != "" && !known {
		return errEpoch
	}
	return nil
}

// beat takes in a heartbeat: everything up to its position was applied before.
func (d *reading) beat(told message, m jetstream.Msg, sequence uint64) error {
	var body feed.Heartbeat
	if err := json.Unmarshal(m.Data(), &body); err != nil {
		return fmt.Errorf("read a heartbeat of the stream %s: %w", feed.StreamName, err)
	}
	if !d.kept.Beat(sequence, body.Dropped, body.Checked) {
		return errOvertaken
	}
	elapsed := d.options.Elapsed()
	late, known := d.clock.hear(m.Headers().Get(feed.Epoch), body.At, elapsed)
	if told.position < d.state.position {
		if d.behind == 0 {
			d.behind = elapsed
		}
		if elapsed-d.behind > behindFor {
			return errBehind
		}
		return nil
	}
	d.behind, d.said, d.state.position = 0, "", told.position
	d.advance(elapsed)
	d.publish(func(v *view) {
		v.cause = nil
		if now := d.options.Now(); known && late <= v.staleness(now) {
			*v = v.renewed(now, late, body.At)
		}
	})
	if d.state.position != d.told || elapsed-d.toldAt >= reportEvery {
		d.told, d.toldAt = d.state.position, elapsed
		d.report(false)
	}
	d.advanced = true
	return nil
}

// read takes in a message of an organization. What lacks before it is read from history.
func (d *reading) read(ctx context.Context, told message, m jetstream.Msg) error {
	if had, err := d.state.has(told.org, told.version, told.position); had || err != nil {
		return err
	}
	p := d.entries[told.org]
	if p == nil || p.Version != told.version {
		begun, err := told.entry(m.Headers())
		if err != nil {
			return err
		}
		p = &partial{entry: begun}
		d.entries[told.org] = p
	}
	if told.previous != d.state.version(told.org) || told.index != p.next {
		return d.fill(ctx, told)
	}
	p.next++
	if !told.isAccess() {
		e, err := events.DecodePayload(told.kind, m.Data())
		if err != nil {
			return fmt.Errorf("version %d of %s: %w", told.version, told.org, err)
		}
		p.Events = append(p.Events, e)
	}
	if !told.isAccess() && p.next < told.count {
		return nil
	}
	// The messages of access follow all events of an entry, so the events are complete.
	delete(d.entries, told.org)
	if err := d.state.apply(p.entry); err != nil {
		return err
	}
	d.advanced = true
	d.publish(func(*view) {})
	return nil
}

// fill reads from history what the stream has not told of an organization.
func (d *reading) fill(ctx context.Context, told message) error {
	delete(d.entries, told.org)
	if _, err := d.readHistory(ctx, d.state, new(sync.Mutex), told.org); err != nil {
		return err
	}
	d.publish(func(*view) {})
	had, err := d.state.has(told.org, told.version, told.position)
	if err == nil && !had {
		err = errLost
	}
	return err
}
