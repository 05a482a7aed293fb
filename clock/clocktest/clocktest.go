// Package clocktest has a machine whose clocks a test moves.
//
//	var m clocktest.Machine
//	c := m.Clock()
//	m.Pass(time.Hour)  // an hour passes
//	m.Set(-time.Minute) // somebody sets the clock back by a minute
package clocktest

import (
	"sync/atomic"
	"time"

	"github.com/seed-2026d078/roster/clock"
)

// Machine is a machine that stands still unless it is told otherwise. Its zero value is at noon of 2
// March 2026. Its methods may be called from many goroutines.
type Machine struct{ elapsed, set atomic.Int64 }

// Pass lets time pass.
func (m *Machine) Pass(d time.Duration) { m.elapsed.Add(int64(d)) }

// Set sets the machine's clock ahead, or back if d is negative.
func (m *Machine) Set(d time.Duration) { m.set.Add(int64(d)) }

// Time returns what the machine's clock says.
func (m *Machine) Time() time.Time { return m.True().Add(time.Duration(m.set.Load())) }

// True returns the time that it is, whatever the machine's clock was set to.
func (m *Machine) True() time.Time {
	return time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).Add(m.Elapsed())
}

// Elapsed returns how much time has passed.
func (m *Machine) Elapsed() time.Duration { return time.Duration(m.elapsed.Load()) }

// Clock returns the clock of a new process.
func (m *Machine) Clock() *clock.Clock {
	return clock.New(clock.Config{Machine: m.Time, Elapsed: m.Elapsed})
}
