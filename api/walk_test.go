package api

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
)

// TestSlotsComeBack has routes that do not end their walk.
func TestSlotsComeBack(t *testing.T) {
	t.Parallel()
	for name, route := range map[string]func(){
		"after an error": func() {},
		"after a panic":  func() { panic("a fault") },
	} {
		s := &Server{
			Config: Config{Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(nil), MinPositionWait: minPositionWait},
			mux:    new(mux), walkSlots: newSlots(),
		}
		s.mux.HandleFunc("/healthz", func(_ http.ResponseWriter, r *http.Request) {
			requestFrom(r.Context()).waitUntil = requestFrom(r.Context()).waitUntil.AddDate(3000, 0, 0)
			w := s.newWalk(r.Context(), domain.Roster{}.Organization("acme"))
			assert.True(t, w.proceed())
			assert.NotEmpty(t, s.walkSlots.queues, "the walk has no slot")
			route()
		})
		s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", http.NoBody))
		assert.Empty(t, s.walkSlots.queues, name)
		assert.True(t, s.walkSlots.free.TryAcquire(slotsAtOnce()), name)
	}
}

// TestWalkEndsAfterItsSteps walks on and on.
func TestWalkEndsAfterItsSteps(t *testing.T) {
	t.Parallel()
	s := &Server{
		Config: Config{Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(nil), MinPositionWait: minPositionWait},
		mux:    new(mux), walkSlots: newSlots(),
	}
	s.mux.HandleFunc("/healthz", func(_ http.ResponseWriter, r *http.Request) {
		requestFrom(r.Context()).waitUntil = requestFrom(r.Context()).waitUntil.AddDate(3000, 0, 0)
		w, steps := s.newWalk(r.Context(), domain.Roster{}.Organization("acme")), 0
		for w.proceed() {
			steps++
		}
		assert.InDelta(t, maxWalkSteps, steps, clockEvery)
		assert.ErrorIs(t, w.end(), domain.ErrOverBudget)
	})
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", http.NoBody))
}
