package rostertest

import (
	"fmt"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/internal/sweeper"
)

// movableClock is the machine's clock, set ahead.
type movableClock struct {
	began time.Time
	ahead atomic.Int64
}

func newMovableClock() *movableClock { return &movableClock{began: time.Now()} }

// start returns the clock of a new server. That the time is moved is no jump for it: as much of it
// elapses.
func (c *movableClock) start() *clock.Clock {
	ahead := func() time.Duration { return time.Duration(c.ahead.Load()) }
	return clock.New(clock.Config{
		Machine: func() time.Time { return time.Now().Add(ahead()) },
		Elapsed: func() time.Duration { return time.Since(c.began) + ahead() },
	})
}

// Now returns the time by which commands are decided. It is the machine's, moved by [Server.Advance].
func (s *Server) Now() time.Time { return s.desk.Clock().Now() }

// Advance moves the time. When it returns, all starts and ends that have passed are recorded: of memberships, of grants and assignments of
// teams, and of invites. NATS keeps the time of the machine.
func (s *Server) Advance(d time.Duration) {
	s.t.Helper()
	if d < 0 {
		require.Fail(s.t, fmt.Sprintf("time does not run backwards, as by %s", d))
	}
	s.clock.ahead.Add(int64(d))
	require.NoError(s.t, sweeper.Sweep(s.t.Context(), s.desk, s.log()))
}
