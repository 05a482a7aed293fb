package api

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// fanout gives new events to all open streams. It follows the desk once, however many streams
// there are, and waits for none of them.
type fanout struct {
	desk   *Desk
	limits StreamLimits
	// closing ends with all streams.
	closing context.Context //nolint:containedctx // it is of the server, not of a request
	close   context.CancelFunc
	start   sync.Once

	mu sync.Mutex
	// subscriptions are those of each organization; those to all of them have none.
	subscriptions map[events.OrganizationID]map[*subscription]struct{}
	counts        streamCounts
}

func newFanout(desk *Desk, limits StreamLimits) *fanout {
	f := &fanout{desk: desk, limits: limits.orDefault(), subscriptions: map[events.OrganizationID]map[*subscription]struct{}{}, counts: newStreamCounts()}
	f.closing, f.close = context.WithCancel(context.Background())
	return f
}

// subscribe returns a subscription to what happens from now on in an organization or, if that
// is empty, in all of them. It fails if the actor, the organization or the process has as many
// streams as it may have.
func (f *fanout) subscribe(org events.OrganizationID, actor events.UserID) (*subscription, error) {
	f.start.Do(func() {
		follower, from := f.desk.LiveFollower()
		go func() {
			defer f.close()
			_ = follower.Follow(f.closing, from, f.deliver) // the end of the streams, and of the desk
		}()
	})
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.counts.add(org, actor, f.limits); err != nil {
		return nil, err
	}
	s := &subscription{more: make(chan struct{}, 1)}
	if f.subscriptions[org] == nil {
		f.subscriptions[org] = map[*subscription]struct{}{}
	}
	f.subscriptions[org][s] = struct{}{}
	s.end = func() { f.unsubscribe(s, org, actor) }
	return s, nil
}

func (f *fanout) unsubscribe(s *subscription, org events.OrganizationID, actor events.UserID) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.subscriptions[org], s)
	if len(f.subscriptions[org]) == 0 {
		delete(f.subscriptions, org)
	}
	f.counts.remove(org, actor)
}

// admit counts a stream of an actor that is about no organization, until it is released.
func (f *fanout) admit(actor events.UserID) (release func(), err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if err := f.counts.add("", actor, f.limits); err != nil {
		return nil, err
	}
	return func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.counts.remove("", actor)
	}, nil
}

// open returns how many streams there are.
func (f *fanout) open() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.counts.all
}

// deliver adds the events of commits to the queues of the streams that they concern.
func (f *fanout) deliver(step bus.Step[domain.Roster]) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range step.Commits {
		happened := map[events.OrganizationID][]*streamEvent{}
		for j := range step.Commits[i].Entries {
			org := step.Commits[i].Entries[j].Organization
			if f.subscriptions[org] == nil && f.subscriptions[""] == nil {
				continue
			}
			found := streamEvents(step.After.State, &step.Commits[i], j)
			happened[org] = append(happened[org], found...)
			if f.subscriptions[""] != nil {
				happened[""] = append(happened[""], found...)
			}
		}
		for org, found := range happened {
			for s := range maps.Keys(f.subscriptions[org]) {
				s.push(found)
			}
		}
	}
	return nil
}

// maxWaitingEvents is how many events may wait for one stream. Streams share the events that
// wait for several of them.
const maxWaitingEvents = 2048

// subscription is the queue of a stream. It never waits for the stream: if too much comes in,
// it drops what it has, and the stream reads that as history.
type subscription struct {
	// more holds a value if there may be more to take.
	more chan struct{}
	end  func()

	mu      sync.Mutex
	waiting [][]*streamEvent
	size    int // events that wait
	dropped bool
}

// push adds the events of a commit.
func (s *subscription) push(happened []*streamEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.dropped:
		return
	case s.size > 0 && s.size+len(happened) > maxWaitingEvents:
		s.waiting, s.size, s.dropped = nil, 0, true
	default:
		s.waiting, s.size = append(s.waiting, happened), s.size+len(happened)
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// take takes out all that waits. It reports whether that is all that has happened since the
// subscription began or was begun again.
func (s *subscription) take() (happened []*streamEvent, whole bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	happened = slices.Concat(s.waiting...)
	s.waiting, s.size = nil, 0
	return happened, !s.dropped
}

// beginAgain makes the subscription one to what happens from now on.
func (s *subscription) beginAgain() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting, s.size, s.dropped = nil, 0, false
}
