package api

import (
	"context"
	"fmt"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
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

// TestPagesEndAfterTheirSteps makes a report of which few lines are found among many that are looked
// at, as pages and as a table.
func TestPagesEndAfterTheirSteps(t *testing.T) {
	t.Parallel()
	const pairs, apart = 3*maxPageSteps + 10, 900_000
	s := &Server{
		Config: Config{Log: slog.New(slog.DiscardHandler), Metrics: NewMetrics(nil), MinPositionWait: minPositionWait},
		mux:    new(mux), walkSlots: newSlots(),
	}
	sparse := report[int, missingHolders]{complete: func(context.Context, asOf, []missingHolders) error { return nil }}
	key := func(i int) string { return fmt.Sprintf("%08d", i) }
	sparse.rows = func(p asOf, _ int, behind rowKey) iter.Seq[missingHolders] {
		return func(yield func(missingHolders) bool) {
			first := 0
			if behind != beforeAll {
				_, _ = fmt.Sscanf(behind.First, "%d", &first)
				first++
			}
			for i := first; i < pairs; i++ {
				if !p.walk.proceed() || !p.walk.reach(rowKey{First: key(i)}, maxPageSteps) {
					return
				}
				if i%apart == 0 && !yield(missingHolders{Project: events.ProjectID(key(i))}) {
					return
				}
			}
		}
	}
	s.mux.HandleFunc("/healthz", func(w http.ResponseWriter, r *http.Request) {
		requestFrom(r.Context()).waitUntil = requestFrom(r.Context()).waitUntil.AddDate(3000, 0, 0)
		var found []events.ProjectID
		pages := 0
		for behind := beforeAll; ; pages++ {
			p := asOf{walk: s.newWalk(r.Context(), domain.Roster{}.Organization("acme"))}
			page, err := sparse.find(r.Context(), p, sparse.rows(p, 0, behind), 10)
			if !assert.NoError(t, err) {
				return
			}
			for _, row := range page.Items {
				found = append(found, row.Project)
			}
			if page.Next == "" {
				break
			}
			behind, err = readRowKey(page.Next)
			assert.NoError(t, err)
		}
		want := []events.ProjectID{events.ProjectID(key(0)), events.ProjectID(key(apart)), events.ProjectID(key(2 * apart)), events.ProjectID(key(3 * apart))}
		assert.Equal(t, want, found)
		assert.Equal(t, 3, pages, "pages before the last")

		p := asOf{walk: s.newWalk(r.Context(), domain.Roster{}.Organization("acme"))}
		table := newTableParts(sparse, p, func(behind rowKey) iter.Seq[missingHolders] { return sparse.rows(p, 0, behind) })
		defer table.end()
		var lines []events.ProjectID
		for more := true; more; {
			var part []missingHolders
			var err error
			part, more, err = table.part(r.Context())
			if !assert.NoError(t, err) {
				return
			}
			for _, row := range part {
				lines = append(lines, row.Project)
			}
		}
		assert.Equal(t, want, lines)
	})
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/healthz", http.NoBody))
}

// TestPageEndsBehindWhatItLookedAt holds the limit of a page at the step.
func TestPageEndsBehindWhatItLookedAt(t *testing.T) {
	t.Parallel()
	w := &walk{steps: 11}
	assert.True(t, w.reach(rowKey{First: "a"}, 10), "it looks at something first")
	w.steps = 10
	assert.True(t, w.reach(rowKey{First: "b"}, 10))
	w.steps = 11
	assert.False(t, w.reach(rowKey{First: "c"}, 10))
	assert.Equal(t, &rowKey{First: "b"}, w.stopped)
}
