package relay

import (
	"context"
	"crypto/rand"
	"errors"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/feed"
)

const (
	// maxPending is how many messages may wait for their acknowledgement.
	maxPending = 512
	// perTurn is how many messages of an organization are published before it is another's turn.
	perTurn = 128
	// wrongLastMessageID is an error code of the server that its client library does not name.
	wrongLastMessageID jetstream.ErrorCode = 10070
	// ackWait is how long an acknowledgement may take.
	ackWait = 5 * time.Second
	// looks is how often a relay looks at a stream that ends before messages that it has acknowledged.
	looks = 3
)

// term is the time in which a relay publishes. Every message says which one is before it, by its
// sequence and by an id of the term, so that none is missing and no other relay publishes in between.
// The sequence alone would not do: if another relay's message took the place of one, those behind
// that one would fit again.
type term struct {
	*Relay

	queue *queue
	epoch string
	// published is how many messages were published in this term, sequence the one of the last of them.
	published, sequence uint64
	lastID              string // of the last of them
	// previous is the sequence of the last message that is no heartbeat; 0: there is none.
	previous uint64
	// out publishes; first is the sequence before the first message of the term, stored how many messages are in the
	// stream for certain.
	out           *publisher
	first, stored uint64
	// next is where each message is written.
	next *nats.Msg
	// rebuilds gets the stream's state as long as a rebuild is to be done.
	rebuilds chan *jetstream.StreamInfo
	// beats are the heartbeats of the stream.
	beats beats
	// kept is what was found last of what the stream keeps no longer; nil: nothing yet.
	kept atomic.Pointer[look]
	// emptying says that the stream may be empty, whatever the queue says.
	emptying bool
}

// term publishes what the queue holds, once no other relay works, until that fails. It returns whether
// anything was published.
func (r *Relay) term(ctx context.Context, q *queue) (worked bool, err error) {
	if err := r.wait(ctx, q); err != nil {
		return false, err
	}
	p, err := r.beginAt(ctx, q)
	if err != nil {
		return false, err
	}
	defer q.end()
	t, err := r.newTerm(q, p)
	if err != nil {
		return false, err
	}
	defer t.end()
	err = t.run(ctx)
	if ctx.Err() != nil && !t.emptying {
		return true, t.flush(context.WithoutCancel(ctx), "") // another relay need not wait
	}
	if isConflict(err) {
		err = errOther
	}
	return t.published > 1, err
}

// beginAt begins a term of the queue at the place that the stream is at. If the stream ends before messages that it has
// acknowledged, it looks again for a while: for a moment a server of a cluster answers as the stream's leader although
// another one is. What is published behind a place that is out of date, the server refuses.
func (r *Relay) beginAt(ctx context.Context, q *queue) (place, error) {
	for look := 1; ; look++ {
		p, err := r.find(ctx)
		if err != nil || q.begin(p) {
			return p, err
		}
		if look == looks {
			return place{}, errBehind
		}
		select {
		case <-time.After(checkEvery):
		case <-ctx.Done():
			return place{}, ctx.Err()
		}
	}
}

func (r *Relay) newTerm(q *queue, p place) (*term, error) {
	out, err := newPublisher(r.nc)
	return &term{
		Relay: r, queue: q, epoch: rand.Text(), sequence: p.sequence, first: p.sequence, previous: p.previous,
		out: out, next: newMessage(), rebuilds: make(chan *jetstream.StreamInfo),
	}, err
}

// end waits until the server has answered what is under way: the next term begins with what it has.
func (t *term) end() {
	t.out.settle()
	t.out.close()
}

// run publishes until the context ends.
func (t *term) run(ctx context.Context) error {
	beat := time.NewTicker(heartbeatEvery)
	defer beat.Stop()
	if err := t.findBeats(ctx); err != nil {
		return err
	}
	if err := t.flush(ctx, t.id); err != nil { // from then on no other relay's messages fit
		return err
	}
	watching, stop := context.WithCancel(ctx)
	defer stop()
	go t.watchRebuild(watching)
	go t.watchDropped(watching)
	for ctx.Err() == nil {
		if err := t.reap(); err != nil {
			return err
		}
		select {
		case <-beat.C:
			if err := t.beat(ctx, t.id, false); err != nil {
				return err
			}
		case info := <-t.rebuilds:
			if err := t.goOnWithRebuild(ctx, info); err != nil {
				return err
			}
		default:
		}
		worked, err := t.publishSome(ctx)
		if err != nil {
			return err
		}
		if worked {
			continue
		}
		if err := t.rest(ctx, beat); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// rest waits until there is something to do.
func (t *term) rest(ctx context.Context, beat *time.Ticker) error {
	select {
	case <-t.out.changed:
	case <-t.queue.more:
	case <-beat.C:
		return t.beat(ctx, t.id, false)
	case info := <-t.rebuilds:
		return t.goOnWithRebuild(ctx, info)
	case <-ctx.Done():
	}
	return nil
}

// publishSome publishes messages of one organization, if there are any.
func (t *term) publishSome(ctx context.Context) (worked bool, err error) {
	e, messages, from, to := t.queue.take(perTurn)
	if e == nil {
		return false, nil
	}
	complete, since := t.queue.place()
	messages.share(t.next)
	set(t.next.Header, feed.Complete, number(uint64(complete.Position)))
	set(t.next.Header, sinceHeader, number(since))
	set(t.next.Header, hash, complete.Hash.String())
	last := t.queue.isLast(e, to) // then no other message would soon say whether this one is in the stream
	for i := from; i < to; i++ {
		if err := messages.write(t.next, i); err != nil {
			return true, err
		}
		set(t.next.Header, previousHeader, number(t.previous))
		if err := t.publish(ctx, t.next, last && i == to-1); err != nil {
			return true, err
		}
		t.previous = t.sequence
	}
	t.queue.published(e, to, t.sequence)
	return true, nil
}

// flush publishes a heartbeat, on behalf of a node or, if that is empty, as one that has ended, and waits until the
// server has acknowledged everything.
func (t *term) flush(ctx context.Context, by string) error {
	if err := t.beat(ctx, by, true); err != nil {
		return err
	}
	return t.drain(ctx)
}

// drain waits until the server has acknowledged everything. A heartbeat is the last message before it.
func (t *term) drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, ackWait)
	defer cancel()
	stored, err := t.out.drain(ctx)
	t.acknowledge(stored)
	return err
}

// publish publishes a message behind all others, without waiting for its acknowledgement. The server answers it if
// answer says so, and otherwise one of many.
func (t *term) publish(ctx context.Context, m *nats.Msg, answer bool) error {
	set(m.Header, feed.Epoch, t.epoch)
	t.place(m.Header)
	return t.out.publish(ctx, m, answer)
}

// place gives the next message its place in the stream: behind the one with the id before; the first of a term has none
// before it.
func (t *term) place(h nats.Header) {
	id := t.epoch + "." + number(t.published+1)
	set(h, jetstream.ExpectedLastSeqHeader, number(t.sequence))
	set(h, jetstream.ExpectedLastMsgIDHeader, t.lastID)
	set(h, jetstream.MsgIDHeader, id)
	t.lastID = id
	t.sequence++
	t.published++
}

// reap takes in what the server has acknowledged. It fails if the server has refused a message.
func (t *term) reap() error {
	stored, err := t.out.state()
	t.acknowledge(stored)
	return err
}

// acknowledge notes how many messages are in the stream for certain.
func (t *term) acknowledge(stored uint64) {
	if stored > t.stored {
		t.stored = stored
		t.queue.acknowledged(t.first + stored)
	}
}

// isConflict reports whether another relay has published.
func isConflict(err error) bool {
	var refused *jetstream.APIError
	return errors.As(err, &refused) &&
		(refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequence || refused.ErrorCode == jetstream.JSErrCodeStreamWrongLastSequenceConstant ||
			refused.ErrorCode == wrongLastMessageID)
}
