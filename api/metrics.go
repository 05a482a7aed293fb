package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/projections"
)

// Metrics counts what a server does, for Prometheus. Make one for each server.
type Metrics struct {
	registry  *prometheus.Registry
	commands  *prometheus.CounterVec
	checks    *prometheus.CounterVec
	requests  *prometheus.HistogramVec
	entries   prometheus.Histogram
	bytes     prometheus.Histogram
	appends   prometheus.Histogram
	conflicts prometheus.Counter
}

// NewMetrics registers what is counted; nil is a registry of its own.
func NewMetrics(registry *prometheus.Registry) *Metrics {
	if registry == nil {
		registry = prometheus.NewRegistry()
	}
	m := &Metrics{
		registry: registry,
		commands: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_commands_total", Help: "Commands by kind and outcome: recorded, unchanged, repeated, refused, failed.",
		}, []string{"kind", "outcome"}),
		checks: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_checks_total", Help: "Access checks by answer: allowed, denied, refused.",
		}, []string{"answer"}),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "roster_http_request_duration_seconds", Help: "How long requests took, by route and status.",
			Buckets: prometheus.ExponentialBuckets(0.0001, 3, 11),
		}, []string{"route", "status"}),
		entries: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "roster_commit_entries", Help: "Commands in one commit.", Buckets: prometheus.ExponentialBuckets(1, 2, 12),
		}),
		bytes: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "roster_commit_bytes", Help: "Size of one commit.", Buckets: prometheus.ExponentialBuckets(256, 4, 8),
		}),
		appends: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "roster_append_duration_seconds", Help: "How long one commit took to be durable.", Buckets: prometheus.ExponentialBuckets(0.0001, 2, 15),
		}),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roster_append_conflicts_total", Help: "Commits for which another writer was faster.",
		}),
	}
	registry.MustRegister(m.commands, m.checks, m.requests, m.entries, m.bytes, m.appends, m.conflicts)
	return m
}

// Meter is for the desk to tell what it records.
func (m *Metrics) Meter() bus.Meter {
	return bus.Meter{
		Appended: func(entries, bytes int, took time.Duration) {
			m.entries.Observe(float64(entries))
			m.bytes.Observe(float64(bytes))
			m.appends.Observe(took.Seconds())
		},
		Conflicted: m.conflicts.Inc,
	}
}

// watch registers what is read when somebody collects: how far the desk and its followers
// have come.
func (m *Metrics) watch(desk *bus.Desk[domain.Roster, domain.Command], database *projections.Database) {
	lag := func(follower string, position func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_follower_lag", Help: "Commits that a follower has not taken in yet.",
			ConstLabels: prometheus.Labels{"follower": follower},
		}, func() float64 { return max(0, float64(desk.View().Position)-position()) })
	}
	m.registry.MustRegister(
		lag("projections", func() float64 { return float64(database.Position()) }),
		lag("inbox", func() float64 { return float64(database.Inbox().Position()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_ledger_position", Help: "The last commit that the desk knows.",
		}, func() float64 { return float64(desk.View().Position) }),
	)
}

// decided counts a command, or every command of a bulk.
func (m *Metrics) decided(ids []string, outcome string) {
	for _, id := range ids {
		m.commands.WithLabelValues(id, outcome).Inc()
	}
}

func (m *Metrics) checked(allowed, denied int) {
	m.checks.WithLabelValues("allowed").Add(float64(allowed))
	m.checks.WithLabelValues("denied").Add(float64(denied))
}

func (m *Metrics) refused(questions int) {
	m.checks.WithLabelValues("refused").Add(float64(questions))
}

func (m *Metrics) served(r *http.Request, status int, took time.Duration) {
	m.requests.WithLabelValues(r.Pattern, strconv.Itoa(status)).Observe(took.Seconds())
}

func (m *Metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}
