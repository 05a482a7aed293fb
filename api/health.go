package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/keyring"
	"github.com/seed-2026d078/roster/projections"
)

// readinessTimeout is how long a follower may take to reach the position that the desk had
// when the request came.
const readinessTimeout = time.Second

// readiness says whether the server is ready to serve and, to who has the root key, which part
// is not: positions tell how much happens here. The inbox does not count: while notices are
// late, everything else is answered, and those who wait for them by position are told so.
type readiness struct {
	Ready       bool             `json:"ready" doc:"The ledger is in reach and can be written, the read models have caught up, and the clock is trusted. Notices may be late."`
	Position    *events.Position `json:"position,omitzero" doc:"The last commit that the desk knows. It and the parts are left out without the key."`
	Ledger      *part            `json:"ledger,omitzero"`
	Projections *part            `json:"projections,omitzero"`
	Inbox       *part            `json:"inbox,omitzero" doc:"Whether all notices are in the inbox. It does not count for ready."`
	Disk        *condition       `json:"disk,omitzero" doc:"The disks of the data directory. A server with little room on them is ready, until there is none."`
	Keys        *condition       `json:"keys,omitzero" doc:"The keys to personal data. A server that lacks some is ready: everything else goes on."`
	Clock       *clockState      `json:"clock,omitzero"`
}

// condition is how something is that has no position.
type condition struct {
	OK      bool   `json:"ok"`
	Problem string `json:"problem,omitzero"`
}

// part is one follower, or the connection to the ledger.
type part struct {
	Ready    bool            `json:"ready"`
	Position events.Position `json:"position"`
	Problem  string          `json:"problem,omitzero"`
}

// status is readiness with the version and the number of organizations.
type status struct {
	Version       string    `json:"version,omitzero"`
	Organizations int       `json:"organizations"`
	Readiness     readiness `json:"readiness"`
}

func (s *Server) healthRoutes() {
	schemas := s.huma.OpenAPI().Components.Schemas
	open := []map[string][]string{{}}
	s.handleRaw(route{http.MethodGet, "/healthz", "get_health", "Operations", "Report that the process answers"}, huma.Operation{
		Security:  open,
		Responses: okResponse("text/plain", "It answers", &huma.Schema{Type: huma.TypeString}),
	}, func(w http.ResponseWriter, _ *http.Request) error {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, err := w.Write([]byte("ok\n"))
		return err
	})
	ready := okResponse("application/json", "The ledger is in reach and can be written, the read models have caught up, and the clock is trusted", schemas.Schema(reflect.TypeFor[readiness](), true, ""))
	ready["503"] = &huma.Response{Description: "Some part has not", Content: ready["200"].Content}
	s.handleRaw(route{http.MethodGet, "/readyz", "get_readiness", "Operations", "Report readiness: whether the ledger is in reach, the read models have caught up and the clock is trusted; with the key, each part"}, huma.Operation{
		Security: open, Responses: ready,
	}, func(w http.ResponseWriter, r *http.Request) error {
		found := s.readiness(r.Context(), s.authenticate(r) == nil)
		if !found.Ready {
			w.Header().Set("Retry-After", strconv.Itoa(retryAfter))
			return writeJSON(w, http.StatusServiceUnavailable, found)
		}
		return writeJSON(w, http.StatusOK, found)
	})
	s.handleRaw(route{http.MethodGet, "/metrics", "get_metrics", "Operations", "Read metrics for Prometheus"}, huma.Operation{
		Responses: okResponse("text/plain", "Metrics", &huma.Schema{Type: huma.TypeString}),
	}, func(w http.ResponseWriter, r *http.Request) error {
		if err := systemOnly(r); err != nil {
			return err
		}
		s.Metrics.handler().ServeHTTP(w, r)
		return nil
	})
	read(s, route{http.MethodGet, "/v1/status", "get_status", "Operations", "Report the version, the number of organizations and readiness"}, s.getStatus)
}

func (s *Server) getStatus(ctx context.Context, _ *struct{}) (*answer[status], error) {
	if requestFrom(ctx).actor != events.System {
		return nil, errSystemOnly
	}
	view := s.Desk.View()
	found := status{Version: s.Version, Readiness: s.readiness(ctx, true)}
	for range view.State.Organizations() {
		found.Organizations++
	}
	return &answer[status]{Position: view.Position, Body: found}, nil
}

// readiness waits for every part to reach the present position of the desk, at most
// readinessTimeout in all. If it is not to be detailed, it says nothing of the parts, and
// does not wait for the inbox.
func (s *Server) readiness(ctx context.Context, detailed bool) readiness {
	limited, cancel := context.WithTimeout(ctx, readinessTimeout)
	defer cancel()
	goal := s.Desk.View().Position
	end, unreachable := s.Ledger.End(limited)
	unreachable = firstError(s.Ledger.Writable(), unreachable)
	inbox := s.Database.Inbox()
	// A position in memory does not show that the database is lost, so it is asked, before time
	// passes with waiting.
	_, lost := s.Database.Checkpoint(limited)
	_, mislaid := inbox.Checkpoint(limited)
	lost = firstError(unready(lost), s.Database.Wait(limited, goal))
	clock := clockStateOf(s.Desk.Clock())
	found := readiness{Ready: unreachable == nil && lost == nil && clock.Ready}
	if !detailed {
		return found
	}
	mislaid = firstError(unready(mislaid), inbox.Wait(limited, goal))
	found.Position = &goal
	found.Ledger = partOf(end.Position, unreachable)
	found.Projections = partOf(s.Database.Position(), lost)
	found.Inbox = partOf(inbox.Position(), mislaid)
	found.Keys, found.Disk = s.keysCondition(), s.diskCondition()
	found.Clock = clock
	return found
}

// diskCondition says how much room is left if it is little. It is nil if nobody knows.
func (s *Server) diskCondition() *condition {
	if s.Disk == nil {
		return nil
	}
	disk := s.Disk()
	if !disk.Low() {
		return &condition{OK: true}
	}
	return &condition{Problem: disk.String()}
}

// keysCondition says how many keys to personal data are missing, and whose one of them is.
func (s *Server) keysCondition() *condition {
	missing, first := s.Keyring.Faults()
	switch missing {
	case 0:
		return &condition{OK: true}
	case 1:
		return &condition{Problem: first.Error()}
	}
	return &condition{Problem: fmt.Sprintf("%d keys are missing or damaged. One of them: %v", missing, first)}
}

// unready says of a database that does not answer in time that it does not.
func unready(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errTimeout.because("The database did not answer within %s.", readinessTimeout)
	}
	return err
}

func partOf(position events.Position, err error) *part {
	p := &part{Ready: err == nil, Position: position}
	if err != nil {
		p.Problem = problemOf(err).Detail
	}
	return p
}

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
			Name: "roster_requests_limited_total", Help: "Requests that were refused since too many came, by whose limit it was: actor, organization.",
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

// watch registers the positions of the desk and its followers, the keys that are missing and
// the streams that are open, which are read at each scrape.
func (m *Metrics) watch(desk *bus.Desk[domain.Roster, domain.Command], database *projections.Database, keys *keyring.Keyring, streams *fanout, disk func() Disk) {
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
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_keys_missing", Help: "Keys to personal data that are missing or damaged though nobody was forgotten.",
		}, func() float64 {
			missing, _ := keys.Faults()
			return float64(missing)
		}),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{
			Name: "roster_streams", Help: "Event streams that are open.",
		}, func() float64 { return float64(streams.open()) }),
		clockCollector{desk.Clock()},
	)
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
