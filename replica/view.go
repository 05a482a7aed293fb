package replica

import (
	"time"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// view is what questions are answered from. It never changes.
type view struct {
	state domain.Roster
	// position is that up to which everything is in the state.
	position events.Position
	// fresh is when that was heard, by the machine's clock, and late how old the news was then.
	fresh time.Time
	late  time.Duration
	// time is Roster's at fresh, and floor one before which it must not be.
	time, floor time.Time
	// cause is why the replica does not follow now; nil if it does.
	cause error
	// lost is why it will never follow again; nil while it may.
	lost error
	// closed says that it answers nothing any more.
	closed bool
	// next is closed when there is a newer view.
	next chan struct{}
}

// staleness returns for how long it has not been heard that the state has everything.
func (v *view) staleness(now time.Time) time.Duration { return v.late + since(v.fresh, now) }

// instant returns Roster's time.
func (v *view) instant(now time.Time) time.Time { return v.instantAfter(since(v.fresh, now)) }

// instantAfter returns Roster's time when so much has passed since fresh.
func (v *view) instantAfter(passed time.Duration) time.Time {
	return later(v.floor, v.time.Add(passed))
}

// renewed returns a view that has heard that it has everything: late before now, by Roster's clock, which was at
// then.
func (v *view) renewed(now time.Time, late time.Duration, at time.Time) view {
	next := *v
	instant := v.instant(now)
	next.fresh, next.late, next.time, next.floor = now, late, at.Add(late), time.Time{}
	if ahead := instant.Sub(next.time); 0 < ahead && ahead < maxBack {
		next.floor = instant
	}
	return next
}
