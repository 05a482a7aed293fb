package api

import (
	"context"
	"math"
	"runtime"
	"slices"
	"sync"

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

	mu     sync.Mutex
	queues map[slotQueueKey]*slotQueue
}

// slotQueueKey names the queue of an actor's requests in an organization, or the queue of the
// organization's actors.
type slotQueueKey struct {
	org     events.OrganizationID
	byActor bool
	actor   events.UserID
}

// slotQueue lets one through at a time or, if it is of an organization, as many as it may have.
type slotQueue struct {
	first *semaphore.Weighted
	users int // those in the queue, with the one who is through
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
	var held []func()
	release = func() {
		for _, leave := range slices.Backward(held) {
			leave()
		}
	}
	for _, wait := range []func() (func(), error){
		func() (func(), error) { return s.enter(ctx, slotQueueKey{org, true, actor}) },
		func() (func(), error) { return s.enter(ctx, slotQueueKey{org: org}) },
		func() (func(), error) { return func() { s.free.Release(1) }, acquire(ctx, s.free) },
	} {
		leave, err := wait()
		if err != nil {
			release()
			return nil, err
		}
		held = append(held, leave)
	}
	return release, nil
}

// enter waits in a queue until it is this one's turn.
func (s *slots) enter(ctx context.Context, key slotQueueKey) (leave func(), err error) {
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
	forget := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if queue.users--; queue.users == 0 {
			delete(s.queues, key)
		}
	}
	if err := acquire(ctx, queue.first); err != nil {
		forget()
		return nil, err
	}
	return func() {
		queue.first.Release(1)
		forget()
	}, nil
}

// acquire takes what is free at once, also if the request may wait no longer: it may have
// waited for something else.
func acquire(ctx context.Context, from *semaphore.Weighted) error {
	if from.TryAcquire(1) {
		return nil
	}
	return from.Acquire(ctx, 1)
}
