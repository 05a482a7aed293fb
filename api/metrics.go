package api

import (
	"context"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/internal/relay"
	"github.com/seed-2026d078/roster/keyring"
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

	streamsRefused, streamsOverrun prometheus.Counter
	limited                        *prometheus.CounterVec
}

// NewMetrics registers the metrics in a registry; nil means a new one.
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
		limited: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "roster_requests_limited_total", Help: "Requests that were refused since too many came, by whose limit it was: actor, organization, wrong_tokens.",
		}, []string{"limit"}),
		streamsRefused: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roster_streams_refused_total", Help: "Event streams that were refused since too many were open.",
		}),
		streamsOverrun: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "roster_streams_overrun_total", Help: "How often a client read its event stream too slowly, so that it went on from the history.",
		}),
	}
	registry.MustRegister(m.commands, m.checks, m.requests, m.entries, m.bytes, m.appends, m.conflicts, m.streamsRefused, m.streamsOverrun, m.limited)
	return m
}

// Meter returns what the desk reports its commits to.
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

// watch registers the positions of the desk, its followers and the feed, damaged tables, the keys that are missing and
// the streams that are open, which are read at each scrape.
func (m *Metrics) watch(desk *bus.Desk[domain.Roster, domain.Command], database *projections.Database, keys *keyring.Keyring, streams *fanout, feed *relay.Relay, disk func() Disk) {
	lag := func(follower string, position func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_follower_lag", Help: "Commits that a follower has not taken in yet.",
			ConstLabels: prometheus.Labels{"follower": follower},
		}, func() float64 { return max(0, float64(desk.View().Position)-position()) })
	}
	damaged := func(tables string, damage func(context.Context) error) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_tables_damaged", Help: "1 if PostgreSQL has met a damaged page, or a file that is gone, of these tables: read_models, inbox.",
			ConstLabels: prometheus.Labels{"tables": tables},
		}, func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), readinessTimeout)
			defer cancel()
			if damage(ctx) != nil {
				return 1
			}
			return 0
		})
	}
	m.registry.MustRegister(
		lag("projections", func() float64 { return float64(database.Position()) }),
		lag("inbox", func() float64 { return float64(database.Inbox().Position()) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_ledger_position", Help: "The last commit that the desk knows.",
		}, func() float64 { return float64(desk.View().Position) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_keys_missing", Help: "Keys to personal data that are missing or damaged though nobody was forgotten.",
		}, func() float64 {
			missing, _ := keys.Faults()
			return float64(missing)
		}),
		damaged("read_models", func(ctx context.Context) error { return database.Damage(ctx) }),
		damaged("inbox", func(ctx context.Context) error { return database.Inbox().Damage(ctx) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_streams", Help: "Event streams that are open.",
		}, func() float64 { return float64(streams.open()) }),
		clockCollector{desk.Clock()},
	)
	if feed != nil {
		m.registry.MustRegister(lag("feed", func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), readinessTimeout)
			defer cancel()
			position, err := feed.Position(ctx)
			if err != nil {
				return math.NaN() // unknown
			}
			return float64(position)
		}))
	}
	if disk != nil {
		m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_disk_free_ratio", Help: "The part of the disk of the data directory that is free, from 0 to 1; of several disks the fullest.",
		}, func() float64 { return disk().ratio() }))
	}
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
