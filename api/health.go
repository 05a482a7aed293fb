package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/seed-2026d078/roster/events"
)

// readinessTimeout is how long a follower has to reach the position of the moment at
// which it was asked.
const readinessTimeout = time.Second

// readiness says whether every part has caught up, and which has not.
type readiness struct {
	Ready       bool            `json:"ready"`
	Position    events.Position `json:"position" doc:"The last commit that the desk knows."`
	Ledger      part            `json:"ledger"`
	Projections part            `json:"projections"`
	Inbox       part            `json:"inbox"`
}

// part is one follower, or the connection to the ledger.
type part struct {
	Ready    bool            `json:"ready"`
	Position events.Position `json:"position"`
	Problem  string          `json:"problem,omitzero"`
}

// status is readiness with what a person wants to know besides.
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
	ready := okResponse("application/json", "Every follower has caught up", schemas.Schema(reflect.TypeFor[readiness](), true, ""))
	ready["503"] = &huma.Response{Description: "Some part has not", Content: ready["200"].Content}
	s.handleRaw(route{http.MethodGet, "/readyz", "get_readiness", "Operations", "Report readiness: whether the followers have caught up"}, huma.Operation{
		Security: open, Responses: ready,
	}, func(w http.ResponseWriter, r *http.Request) error {
		found := s.readiness(r.Context())
		if !found.Ready {
			w.Header().Set("Retry-After", retryAfter)
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
	found := status{Version: s.Version, Readiness: s.readiness(ctx)}
	for range view.State.Organizations() {
		found.Organizations++
	}
	return &answer[status]{Position: view.Position, Body: found}, nil
}

// readiness gives every part the same short while to reach where the desk is now.
func (s *Server) readiness(ctx context.Context) readiness {
	limited, cancel := context.WithTimeout(ctx, readinessTimeout)
	defer cancel()
	goal := s.Desk.View().Position
	found := readiness{Position: goal}
	end, err := s.Ledger.End(limited)
	found.Ledger = partOf(end.Position, err)
	// What is remembered tells nothing of a database that is gone: both are asked.
	_, lost := s.Database.Checkpoint(limited)
	_, mislaid := s.Database.Inbox().Checkpoint(limited)
	err = firstError(timeoutAsUnavailable(ctx, lost), s.Database.Wait(limited, goal))
	found.Projections = partOf(s.Database.Position(), err)
	err = firstError(timeoutAsUnavailable(ctx, mislaid), s.Database.Inbox().Wait(limited, goal))
	found.Inbox = partOf(s.Database.Inbox().Position(), err)
	found.Ready = found.Ledger.Ready && found.Projections.Ready && found.Inbox.Ready
	return found
}

func partOf(position events.Position, err error) part {
	p := part{Ready: err == nil, Position: position}
	if err != nil {
		p.Problem = problemOf(err).Detail
	}
	return p
}
