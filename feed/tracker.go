package feed

import (
	"context"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/seed-2026d078/roster/events"
)

// delivery is a message on its way through a subscriber.
type delivery struct {
	message *Message // nil for a heartbeat
	beat    *Heartbeat
	from    jetstream.Msg
	// letter is the sequence of a dead letter that is tried again, which has no place in the stream; 0 for
	// others. When it is handled, done is closed.
	letter uint64
	done   chan struct{}
	// complete is the position up to which everything is before this message.
	complete events.Position
	at       time.Time
	handled  bool
}

// order is what a message is to those that came before it.
type order int

const (
	isNext order = iota
	// isInFlight is one that came before, and is being handled. isHandled was handled.
	isInFlight
	isHandled
	// isAfterGap is one before which others are missing.
	isAfterGap
)

// tracker knows what came and what is handled. Its methods may be called from several goroutines.
type tracker struct {
	// filtered says that messages of some types do not come, so that gaps cannot be seen.
	filtered bool
	// after is a position up to which nothing is wanted.
	after events.Position

	mu            sync.Mutex
	changed       sync.Cond
	organizations map[events.OrganizationID]*progress
	// inFlight are in the order of the stream, from the first one on that is not handled.
	inFlight []*delivery
	// known says that a message has come. Then everything up to the position complete, and what was recorded until
	// through, is handled.
	known    bool
	complete events.Position
	through  time.Time
}

// progress is how far an organization has come.
type progress struct {
	received, handled step
	// elsewhere says that another reader may have handled what follows.
	elsewhere bool
}

// step is a message's place in an organization.
type step struct {
	version      events.Version
	index, count int
}

func (m *Message) step() step { return step{m.Version, m.Index, m.Count} }

// upTo reports whether a step is not later than another one.
func (s step) upTo(other step) bool {
	return s.version < other.version || s.version == other.version && s.index <= other.index
}

// follows reports whether a message is the very next one after a step.
func (m *Message) follows(s step) bool {
	if m.Version == s.version {
		return m.Index == s.index+1
	}
	return m.PreviousVersion == s.version && s.index == s.count-1 && m.Index == 0
}

func newTracker(filtered bool, after events.Position) *tracker {
	t := &tracker{filtered: filtered, after: after, organizations: map[events.OrganizationID]*progress{}}
	t.changed.L = &t.mu
	return t
}

// receive takes in a message. It is in flight if it is the next one.
func (t *tracker) receive(d *delivery) order {
	t.mu.Lock()
	defer t.mu.Unlock()
	if d.message != nil {
		if o := t.order(d.message); o != isNext {
			return o
		}
	}
	if !t.known {
		t.known, t.complete = true, max(t.after, d.complete)
	}
	t.inFlight = append(t.inFlight, d)
	if d.message == nil {
		d.handled = true
		t.advance()
	}
	return isNext
}

// order tells what a message is, and notes the next one.
func (t *tracker) order(m *Message) order {
	if m.Position <= t.after {
		return isHandled
	}
	p, is := t.organizations[m.Organization]
	if !is {
		t.organizations[m.Organization] = &progress{received: m.step()}
		return isNext
	}
	switch {
	case m.step().upTo(p.handled):
		return isHandled
	case m.step().upTo(p.received):
		return isInFlight
	case !t.filtered && !p.elsewhere && !m.follows(p.received):
		return isAfterGap
	}
	p.received, p.elsewhere = m.step(), false
	return isNext
}

// handle notes that a message is handled.
func (t *tracker) handle(d *delivery) {
	t.mu.Lock()
	defer t.mu.Unlock()
	d.handled = true
	t.organizations[d.message.Organization].handled = d.message.step()
	t.advance()
}

// advance drops from the front what is handled.
func (t *tracker) advance() {
	n := 0
	for n < len(t.inFlight) && t.inFlight[n].handled {
		t.complete, t.through = max(t.complete, t.inFlight[n].complete), t.inFlight[n].at
		t.inFlight[n] = nil
		n++
	}
	t.inFlight = t.inFlight[n:]
	if len(t.inFlight) > 0 {
		t.complete = max(t.complete, t.inFlight[0].complete)
	}
	t.changed.Broadcast()
}

// position returns the one up to which everything is handled, and false if nothing has come yet.
func (t *tracker) position() (events.Position, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.complete, t.known
}

// unhandled returns the messages that are being handled.
func (t *tracker) unhandled() []*delivery {
	t.mu.Lock()
	defer t.mu.Unlock()
	var all []*delivery
	for _, d := range t.inFlight {
		if !d.handled {
			all = append(all, d)
		}
	}
	return all
}

// waitFor waits until at most n messages are in flight, or the context ends.
func (t *tracker) waitFor(ctx context.Context, n int) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.inFlight) <= n {
		return nil
	}
	stop := context.AfterFunc(ctx, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.changed.Broadcast()
	})
	defer stop()
	for len(t.inFlight) > n && ctx.Err() == nil {
		t.changed.Wait()
	}
	return ctx.Err()
}

// goOnElsewhere notes that another reader may have handled messages behind those that came, of which none is in flight. What was handled
// here is not handled again.
func (t *tracker) goOnElsewhere() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, p := range t.organizations {
		p.elsewhere = true
	}
	t.known = false
}

// lag returns how far behind the subscriber is, if so many messages wait in the stream.
func (t *tracker) lag(waiting uint64, now time.Time) Lag {
	t.mu.Lock()
	defer t.mu.Unlock()
	l := Lag{Messages: waiting, Position: t.complete}
	for _, d := range t.inFlight {
		if !d.handled {
			l.Messages++
		}
	}
	if !t.through.IsZero() {
		l.Behind = max(now.Sub(t.through), 0)
	}
	return l
}
