package clock_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/clock/clocktest"
)

func TestTheSystemsClocksAreTrusted(t *testing.T) {
	t.Parallel()
	c := clock.New(clock.Config{})
	elapsed := c.Elapsed()
	now, err := c.Trusted()
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), now, time.Minute)
	time.Sleep(time.Millisecond)
	assert.Greater(t, c.Elapsed(), elapsed)
}

func TestNowAndTrust(t *testing.T) {
	t.Parallel()
	const year = 365 * 24 * time.Hour
	for name, row := range map[string]struct {
		do      func(*clocktest.Machine, *clock.Clock)
		now     time.Duration // after the beginning
		trusted bool
	}{
		"time passes":              {func(m *clocktest.Machine, _ *clock.Clock) { m.Pass(year) }, year, true},
		"a step ahead":             {func(m *clocktest.Machine, _ *clock.Clock) { m.Set(4 * time.Minute) }, 4 * time.Minute, true},
		"a step back stands still": {func(m *clocktest.Machine, _ *clock.Clock) { m.Set(-4 * time.Minute); m.Pass(time.Minute) }, 0, true},
		"and goes on": {func(m *clocktest.Machine, c *clock.Clock) {
			m.Set(-4 * time.Minute)
			c.Now()
			m.Pass(5 * time.Minute)
		}, time.Minute, true},
		"many small steps back": {func(m *clocktest.Machine, c *clock.Clock) {
			for range 3 {
				m.Set(-2 * time.Minute)
				c.Now()
			}
		}, 0, false},
		"small steps back that the machine catches up with": {func(m *clocktest.Machine, c *clock.Clock) {
			for range 100 {
				m.Set(-2 * time.Second)
				c.Now()
				m.Pass(time.Hour)
				c.Now()
			}
		}, 100 * (time.Hour - 2*time.Second), true},
		"a jump ahead": {func(m *clocktest.Machine, _ *clock.Clock) { m.Set(year) }, year, false},
		"and back again": {func(m *clocktest.Machine, c *clock.Clock) {
			m.Set(year)
			c.Now()
			m.Pass(time.Hour)
			m.Set(-year)
		}, time.Hour, true},
		"a jump back goes on as time does": {func(m *clocktest.Machine, _ *clock.Clock) { m.Set(-year); m.Pass(time.Minute) }, time.Minute, false},
		"a jump back that is accepted":     {func(m *clocktest.Machine, c *clock.Clock) { m.Set(-time.Hour); c.Now(); c.Accept() }, -time.Hour, true},
		"a jump ahead that is accepted":    {func(m *clocktest.Machine, c *clock.Clock) { m.Set(year); c.Now(); c.Accept() }, year, true},
		"a start after the ledger":         {func(m *clocktest.Machine, c *clock.Clock) { c.Begin(m.Time().Add(-year)) }, 0, true},
		"a start shortly before its end": {func(m *clocktest.Machine, c *clock.Clock) {
			c.Begin(m.Time().Add(4 * time.Minute))
			m.Pass(time.Minute)
		}, 4 * time.Minute, true},
		"a start long before its end": {func(m *clocktest.Machine, c *clock.Clock) { c.Begin(m.Time().Add(time.Hour)); m.Pass(time.Minute) }, time.Hour + time.Minute, false},
		"and the clock is set right": {func(m *clocktest.Machine, c *clock.Clock) {
			c.Begin(m.Time().Add(time.Hour))
			m.Set(time.Hour + time.Second)
		}, time.Hour + time.Second, true},
		"and time comes near": {func(m *clocktest.Machine, c *clock.Clock) { c.Begin(m.Time().Add(time.Hour)); m.Pass(56 * time.Minute) }, time.Hour, true},
		"and it is accepted":  {func(m *clocktest.Machine, c *clock.Clock) { c.Begin(m.Time().Add(time.Hour)); c.Accept() }, 0, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var m clocktest.Machine
			began, c := m.Time(), m.Clock()
			row.do(&m, c)
			now, err := c.Trusted()
			assert.Equal(t, row.trusted, err == nil, "%v", err)
			assert.Equal(t, row.now, now.Sub(began))
			if err != nil {
				assert.ErrorAs(t, err, new(*clock.SkewError))
				c.Accept()
				now, err := c.Trusted()
				require.NoError(t, err, "accepted")
				assert.Equal(t, m.Time(), now)
			}
		})
	}
}

func TestSuspensionIsNoJump(t *testing.T) {
	t.Parallel()
	var m clocktest.Machine
	paused := false
	c := clock.New(clock.Config{Elapsed: m.Elapsed, Machine: func() time.Time {
		if paused { // between the readings of the two clocks
			paused = false
			m.Pass(8 * time.Hour)
		}
		return m.Time()
	}})
	paused = true
	now, err := c.Trusted()
	require.NoError(t, err)
	assert.Equal(t, m.Time(), now)
}

// TestOtherServers compares a clock with that of a server.
func TestOtherServers(t *testing.T) {
	t.Parallel()
	var m clocktest.Machine
	c := m.Clock()
	var ahead, took time.Duration
	var gone error
	compare := func() error {
		c.Compare(t.Context(), clock.Reference{Name: "NATS", Time: func(context.Context) (time.Time, error) {
			theirs := m.True().Add(ahead)
			m.Pass(took)
			return theirs, gone
		}})
		_, err := c.Trusted()
		return err
	}
	require.NoError(t, compare())
	ahead, took = 8*time.Minute, 8*time.Minute
	require.NoError(t, compare(), "how old a slow answer is cannot be told")
	took = 0
	require.ErrorContains(t, compare(), "8m0s behind the clock of NATS")
	assert.Equal(t, -8*time.Minute, c.Skews()["NATS"])
	gone = errors.New("gone")
	require.Error(t, compare(), "what is known of it stays")
	gone = nil
	m.Set(8 * time.Minute)
	require.NoError(t, compare(), "the clock was set right, which is a jump")
	assert.Equal(t, m.Time(), c.Now())
	ahead = -time.Hour
	require.ErrorContains(t, compare(), "1h8m0s ahead of the clock of NATS")
	c.Accept()
	require.NoError(t, compare())
	m.Pass(time.Hour)
	require.NoError(t, compare())
	ahead = -2 * time.Hour
	require.Error(t, compare(), "it was accepted as it was then")
	m.Set(-2*time.Hour - 8*time.Minute)
	require.NoError(t, compare())
	assert.Equal(t, m.Time(), c.Now())
	m.Set(-time.Hour)
	require.Error(t, compare(), "both moved")
	ahead -= time.Hour
	require.NoError(t, compare())
}

// TestNowUnderAClockThatJumps sets the clock in every way. While it is trusted, Now never runs
// backwards; it is never before what the machine says; and it is trusted only if the
// machine's clock is near to where it was.
func TestNowUnderAClockThatJumps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var m clocktest.Machine
		c := m.Clock()
		before := c.Now()
		var wrong time.Duration // by which the machine's clock differs from the one accepted last
		t.Repeat(map[string]func(*rapid.T){
			"time passes": func(t *rapid.T) { m.Pass(time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "passed"))) },
			"it is set": func(t *rapid.T) {
				by := rapid.SampledFrom([]time.Duration{time.Second, time.Minute, 4 * time.Minute, time.Hour, 400 * 24 * time.Hour}).Draw(t, "by")
				if rapid.Bool().Draw(t, "back") {
					by = -by
				}
				m.Set(by)
				if wrong += by; wrong.Abs() <= clock.DefaultMaxSkew {
					c.Now() // from here on it is right
					if m.Time().After(before) {
						wrong = 0
					}
				}
			},
			"it is accepted": func(*rapid.T) { before, wrong = c.Accept(), 0 },
			"": func(t *rapid.T) {
				now, err := c.Trusted()
				assert.False(t, now.Before(m.Time()), "before the machine's time")
				if wrong.Abs() > 2*clock.DefaultMaxSkew {
					assert.Error(t, err)
				}
				if err == nil {
					assert.False(t, now.Before(before), "it ran backwards")
					before = now
				}
			},
		})
	})
}
