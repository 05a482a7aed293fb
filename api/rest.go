package api

import (
	"runtime"
	"sync"
	"time"

	"github.com/seed-2026d078/roster/events"
)

const (
	// restTimes, divided by the number of processors, is how many times as long as a costly
	// request took its queue rests afterwards.
	restTimes = 18
	// unrested is how much work of a queue needs no rest, if it has rested before.
	unrested = 20 * time.Millisecond
	// maxRest is the longest rest after one request.
	maxRest = time.Second
	// othersWithin is how long a request counts as one beside which others rest.
	othersWithin = 100 * time.Millisecond
)

// restAfter returns how long a queue rests for the work of one request, which took so long. While
// one processor works for an organization, the collector and what follows the ledger need the
// other; so the fewer processors there are, the smaller is the part of the time in which others
// may find none that is free.
func restAfter(took time.Duration) time.Duration {
	return took * restTimes / time.Duration(runtime.GOMAXPROCS(0))
}

// recentRequests knows who has asked, and about which organizations, a moment ago.
type recentRequests struct {
	mu            sync.Mutex
	organizations lastTwo[events.OrganizationID]
	actors        lastTwo[events.UserID]
}

// note notes a request. Without an organization, it is about none or several.
func (r *recentRequests) note(org events.OrganizationID, actor events.UserID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := time.Now()
	if org != "" {
		r.organizations.note(org, now)
	}
	r.actors.note(actor, now)
}

// besides reports whether others than an organization have asked a moment ago; without one,
// others than an actor.
func (r *recentRequests) besides(org events.OrganizationID, actor events.UserID) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	since := time.Now().Add(-othersWithin)
	if org != "" {
		return r.organizations.besides(org).After(since)
	}
	return r.actors.besides(actor).After(since)
}

// lastTwo are the last two different values, and when they were noted last.
type lastTwo[K comparable] struct{ last, before noted[K] }

type noted[K comparable] struct {
	value K
	at    time.Time
}

func (l *lastTwo[K]) note(value K, at time.Time) {
	if l.last.value != value {
		l.before = l.last
	}
	l.last = noted[K]{value, at}
}

// besides returns when another value was noted last; the zero time if none was.
func (l *lastTwo[K]) besides(value K) time.Time {
	if l.last.value != value {
		return l.last.at
	}
	return l.before.at
}
