package personaldata

import (
	"slices"
	"time"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/projections"
)

// retries say when erasures are tried again that could not go on. Each waits by itself, longer each time, so that one that a rule forbids holds up no other.
type retries map[events.UserID]retryAt

type retryAt struct {
	at    time.Time
	pause time.Duration
}

// due returns those that do not wait. It forgets those that have ended.
func (r retries) due(begun []projections.Erasure, now time.Time) []projections.Erasure {
	all := make(map[events.UserID]bool, len(begun))
	for i := range begun {
		all[begun[i].User] = true
	}
	for user := range r {
		if !all[user] {
			delete(r, user)
		}
	}
	return slices.DeleteFunc(begun, func(e projections.Erasure) bool { return now.Before(r[e.User].at) })
}

// tried lets those wait that have not ended.
func (r retries) tried(begun []projections.Erasure, ended map[events.UserID]bool, now time.Time) {
	for i := range begun {
		user := begun[i].User
		if ended[user] {
			delete(r, user)
			continue
		}
		pause := min(max(2*r[user].pause, minRetryPause), maxRetryPause)
		r[user] = retryAt{now.Add(pause), pause}
	}
}

// next returns how long it is until the next of them is tried again; the longest pause if none waits.
func (r retries) next(now time.Time) time.Duration {
	next := maxRetryPause
	for _, one := range r {
		next = min(next, one.at.Sub(now))
	}
	return next
}
