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

	"github.com/seed-2026d078/roster/clock"
	"github.com/seed-2026d078/roster/events"
)

// readinessTimeout is how long a follower may take to reach the position that the desk had
// when the request came.
const readinessTimeout = time.Second

// readiness says whether the server is ready to serve and, to who has the root key, which part
// is not: positions tell how much happens here. The inbox does not count: while notices are
// late, everything else is answered, and those who wait for them by position are told so.
type readiness struct {
	Ready       bool             `json:"ready" doc:"The ledger is in reach and can be written, the read models are sound and have caught up, and the clock is trusted. Notices may be late."`
	Position    *events.Position `json:"position,omitzero" doc:"The last commit that the desk knows. It and the parts are left out without the key."`
	Ledger      *part            `json:"ledger,omitzero"`
	Projections *part            `json:"projections,omitzero"`
	Inbox       *part            `json:"inbox,omitzero" doc:"Whether all notices are in the inbox. It does not count for ready."`
	ReadModels  *condition       `json:"read_models,omitzero" doc:"The tables from which lists are answered. A server on which some are damaged is not ready."`
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
// readinessTimeout in all. Unless it is detailed, it says nothing of the parts, and does not
// wait for the inbox.
func (s *Server) readiness(ctx context.Context, detailed bool) readiness {
	limited, cancel := context.WithTimeout(ctx, readinessTimeout)
	defer cancel()
	goal := s.Desk.View().Position
	end, ledgerErr := s.Ledger.End(limited)
	ledgerErr = firstError(s.Ledger.Writable(), ledgerErr)
	inbox := s.Database.Inbox()
	// A position in memory does not show that the database is in reach, so both stores are asked.
	// That comes before waiting, which may take all of the time.
	_, databaseErr := s.Database.Checkpoint(limited)
	_, inboxErr := inbox.Checkpoint(limited)
	damage := s.Database.Damage(limited)
	databaseErr = firstError(unready(databaseErr), s.Database.Wait(limited, goal))
	now := clockStateOf(s.Desk.Clock())
	found := readiness{Ready: ledgerErr == nil && databaseErr == nil && damage == nil && now.Ready}
	if !detailed {
		return found
	}
	inboxErr = firstError(inbox.Damage(limited), unready(inboxErr), inbox.Wait(limited, goal))
	found.Position = &goal
	found.Ledger = partOf(end.Position, ledgerErr)
	found.Projections = partOf(s.Database.Position(), databaseErr)
	found.Inbox = partOf(inbox.Position(), inboxErr)
	found.ReadModels = conditionOf(damage)
	found.Keys, found.Disk, found.Clock = s.keysCondition(), s.diskCondition(), now
	return found
}

// conditionOf says what an error says, all of it: only who has the root key reads it.
func conditionOf(err error) *condition {
	if err != nil {
		return &condition{Problem: err.Error()}
	}
	return &condition{OK: true}
}

// diskCondition says how much room is left if it is little. It is nil if that is unknown.
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
		state.Problem = problemOf(err).Detail
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
