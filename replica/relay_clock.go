package replica

import "time"

const (
	// drift is by how much the clocks of two machines may run at different speeds: one in so many. Servers of
	// time correct a clock by half of that.
	drift = 1000
	// maxBack is by how much Roster's clock may be set back without the replica going back with it.
	maxBack = 5 * time.Minute
)

// relayClock is the clock of who sends heartbeats, as far as they tell it.
type relayClock struct {
	epoch string
	// newest is the time in the newest heartbeat.
	newest time.Time
	// time is what that clock showed at elapsed, or less.
	time    time.Time
	elapsed time.Duration
	// heard is how many heartbeats came since the stream was opened. known says that one came after the first two of some session: these
	// may have been in the stream for long.
	heard int
	known bool
}

// reopened says that the next heartbeats are the last two that the stream keeps, whatever their age.
func (c *relayClock) reopened() { c.heard = 0 }

// hear takes in the time in a heartbeat, at a moment of elapsed time, and returns how late it is at least. That is
// not known of the first two. Nor is it after Roster's clock was set back, or another one sends the heartbeats.
func (c *relayClock) hear(epoch string, at time.Time, elapsed time.Duration) (late time.Duration, known bool) {
	if epoch != c.epoch || at.Before(c.newest) {
		*c = relayClock{epoch: epoch, newest: at, time: at, elapsed: elapsed, heard: 1}
		return 0, false
	}
	passed := elapsed - c.elapsed
	c.known = c.known || c.heard >= 2 && at.After(c.newest)
	c.time, c.elapsed = later(at, c.time.Add(passed-passed/drift)), elapsed
	c.newest, c.heard = at, c.heard+1
	return c.time.Sub(at), c.known
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// since returns how much time has passed between two readings of the machine's clock: the most that can be. If the
// clock was set in between, that is what the time since the start of the process says; if the machine was suspended,
// which that does not count, it is what the clock says.
func since(from, now time.Time) time.Duration {
	return max(now.Sub(from), now.Round(0).Sub(from.Round(0)))
}
