package api

import (
	"context"
	"math"
	"runtime"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"

	"github.com/seed-2026d078/roster/events"
)

// slots limits how many costly requests of one kind are answered at a time, so that checks
// and commands find a processor that is free. The others wait, fairly: an actor waits once
// for all of their requests in an organization, and an organization once for those of all of
// its actors.
type slots struct {
	free *semaphore.Weighted
	// perOrganization is how many requests of one organization get that far.
	perOrganization int64
	// others reports whether others than an organization, or without one others than an actor,
	// have asked a moment ago; if it is nil, nobody rests.
	others func(org events.OrganizationID, actor events.UserID) bool

	mu     sync.Mutex
	queues map[slotQueueKey]*slotQueue
}

// slotQueueKey names the queue of an actor's requests in an organization, or the queue of the
// organization's actors. Without an organization, each actor has one of both kinds.
type slotQueueKey struct {
	org     events.OrganizationID
	byActor bool
	actor   events.UserID
}

// slotQueue lets one through at a time or, if it is of an organization, as many as it may have.
type slotQueue struct {
	first *semaphore.Weighted
	users int // those in the queue, with the one who is through, and a rest
	// rested is when the queue will have rested for all that it let through.
	rested time.Time
}

func newSlots() *slots {
	return &slots{free: semaphore.NewWeighted(slotsAtOnce()), perOrganization: 1, queues: map[slotQueueKey]*slotQueue{}}
}

// newShares returns slots of which each organization has some of its own: others do not wait
// for what is quick, or waits for the database.
func newShares() *slots {
	return &slots{free: semaphore.NewWeighted(math.MaxInt64), perOrganization: slotsAtOnce(), queues: map[slotQueueKey]*slotQueue{}}
}

// slotsAtOnce is half of the processors.
func slotsAtOnce() int64 { return int64(max(1, runtime.GOMAXPROCS(0)/2)) }

// acquire waits for a slot, at most until the waiting of the request ends. Without an
// organization the request is about several.
func (s *slots) acquire(ctx context.Context, org events.OrganizationID) (release func(), err error) {
	q := requestFrom(ctx)
	limited, cancel := context.WithDeadline(ctx, q.waitUntil)
	defer cancel()
	release, err = s.wait(limited, org, q.actor)
	if err != nil && ctx.Err() == nil {
		err = errBusy
	}
	return release, err
}

// wait waits for a slot until the context ends.
func (s *slots) wait(ctx context.Context, org events.OrganizationID, actor events.UserID) (release func(), err error) {
	ofActor, err := s.enter(ctx, slotQueueKey{org, true, actor})
	if err != nil {
		return nil, err
	}
	key := slotQueueKey{org: org}
	if org == "" {
		key.actor = actor
	}
	ofOrganization, err := s.enter(ctx, key)
	if err != nil {
		s.leave(ofActor, 0)
		return nil, err
	}
	if err := acquire(ctx, s.free); err != nil {
		s.leave(ofOrganization, 0)
		s.leave(ofActor, 0)
		return nil, err
	}
	began := time.Now()
	return func() {
		s.free.Release(1)
		var rest time.Duration
		if s.others != nil && actor != events.System && s.others(org, actor) {
			rest = restAfter(time.Since(began))
		}
		s.leave(ofOrganization, rest)
		s.leave(ofActor, 0)
	}, nil
}

// enteredQueue is a queue that a request has entered.
type enteredQueue struct {
	*slotQueue

	key slotQueueKey
}

// enter waits in a queue until it is this one's turn.
func (s *slots) enter(ctx context.Context, key slotQueueKey) (enteredQueue, error) {
	s.mu.Lock()
	queue, known := s.queues[key]
	if !known {
		queue = &slotQueue{first: semaphore.NewWeighted(1)}
		if !key.byActor {
			queue.first = semaphore.NewWeighted(s.perOrganization)
		}
		s.queues[key] = queue
	}
	queue.users++
	s.mu.Unlock()
	entered := enteredQueue{queue, key}
	if err := acquire(ctx, queue.first); err != nil {
		s.forget(entered)
		return enteredQueue{}, err
	}
	return entered, nil
}

// leave lets the next one through, at once or, if the queue is to rest for longer than it may go
// on without, after a rest.
func (s *slots) leave(q enteredQueue, rest time.Duration) {
	defer s.forget(q)
	if rest == 0 {
		q.first.Release(1)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if q.rested.Before(now) {
		q.rested = now
	}
	q.rested = q.rested.Add(rest)
	q.users++ // so that it is not forgotten before it has rested
	time.AfterFunc(q.rested.Sub(now), func() { s.forget(q) })
	if pause := min(q.rested.Sub(now)-restAfter(unrested), maxRest); pause > 0 {
		time.AfterFunc(pause, func() { q.first.Release(1) })
		return
	}
	q.first.Release(1)
}

// forget says that a request, or a rest, is over. Queues that nobody uses are deleted.
func (s *slots) forget(q enteredQueue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if q.users--; q.users == 0 {
		delete(s.queues, q.key)
	}
}

// acquire takes what is free at once, also if the request may wait no longer: it may have
// waited for something else.
func acquire(ctx context.Context, from *semaphore.Weighted) error {
	if from.TryAcquire(1) {
		return nil
	}
	return from.Acquire(ctx, 1)
}
