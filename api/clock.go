package api

import (
	"context"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/events"
)

// clockState is the clock by which commands are decided, and why it is not trusted.
type clockState struct {
	Ready   bool      `json:"ready"`
	Now     time.Time `json:"now" doc:"The time by which questions are answered."`
	Problem string    `json:"problem,omitzero" doc:"Why it is not trusted, so that no command is decided."`
}

func clockStateOf(c *clock.Clock) *clockState {
	now, err := c.Trusted()
	state := &clockState{Ready: err == nil, Now: events.Instant(now)}
	if err != nil {
		state.Problem = err.Error()
	}
	return state
}

// acceptedClock is the answer to who accepts the machine's clock.
type acceptedClock struct {
	Now      time.Time `json:"now" doc:"The time that is trusted from here on."`
	Accepted string    `json:"accepted,omitzero" doc:"Why it was not trusted before; left out: it was."`
}

func (s *Server) clockRoutes() {
	read(s, route{http.MethodPost, "/v1/clock/accept", "accept_clock", "Operations", "Accept the clock of the machine as it is, so that commands are decided again; each process has its own"}, s.acceptClock)
}

func (s *Server) acceptClock(ctx context.Context, _ *struct{}) (*answer[acceptedClock], error) {
	if requestFrom(ctx).actor != events.System {
		return nil, errSystemOnly
	}
	before := clockStateOf(s.Desk.Clock())
	now := events.Instant(s.Desk.Clock().Accept())
	if !before.Ready {
		s.Log.WarnContext(ctx, "the clock was accepted as it is", "now", now, "before", before.Problem)
	}
	return &answer[acceptedClock]{Position: s.Desk.View().Position, Body: acceptedClock{now, before.Problem}}, nil
}

// clockCollector reads a clock at each scrape.
type clockCollector struct{ clock *clock.Clock }

var (
	clockTrusted = prometheus.NewDesc("roster_clock_trusted", "1 if commands are decided by the clock, 0 if it is not trusted.", nil, nil)
	clockSkew    = prometheus.NewDesc("roster_clock_skew_seconds", "By how much the machine's clock is ahead of another one: of the time that has elapsed, or of another server.", []string{"reference"}, nil)
)

// Describe implements [prometheus.Collector].
func (c clockCollector) Describe(to chan<- *prometheus.Desc) {
	to <- clockTrusted
	to <- clockSkew
}

// Collect implements [prometheus.Collector].
func (c clockCollector) Collect(to chan<- prometheus.Metric) {
	trusted := 1.0
	if _, err := c.clock.Trusted(); err != nil {
		trusted = 0
	}
	to <- prometheus.MustNewConstMetric(clockTrusted, prometheus.GaugeValue, trusted)
	for reference, skew := range c.clock.Skews() {
		to <- prometheus.MustNewConstMetric(clockSkew, prometheus.GaugeValue, skew.Seconds(), reference)
	}
}
