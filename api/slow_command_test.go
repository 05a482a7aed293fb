package api_test

import (
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// slowCommand takes a while to decide, and changes nothing.
type slowCommand struct{ takes time.Duration }

func (c slowCommand) Decide(domain.Organization, events.Moment) ([]events.Event, error) {
	time.Sleep(c.takes)
	return nil, nil
}

// TestConnectionOutlivesASlowCommand keeps the desk busy for longer than a body may take by the
// defaults of huma. The connection of those who wait is used for what follows.
func TestConnectionOutlivesASlowCommand(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]string{"as it comes": "", "with a key, for which the body is read before": "k"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testSlowCommand(t, key)
		})
	}
}

func testSlowCommand(t *testing.T, key string) {
	t.Helper()
	h, org := githubOrganization(t)
	transport := &http.Transport{MaxConnsPerHost: 1}
	t.Cleanup(transport.CloseIdleConnections)
	reused := false
	ask := func(method, path, body string) int {
		trace := &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) { reused = got.Reused }}
		r, err := http.NewRequestWithContext(httptrace.WithClientTrace(t.Context(), trace), method, h.URL+path, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+h.Key)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", key)
		answer, err := (&http.Client{Transport: transport}).Do(r)
		require.NoError(t, err)
		defer answer.Body.Close()
		text := new(strings.Builder)
		require.NoError(t, answer.Write(text)) // reads the body to its end
		return answer.StatusCode
	}
	assert.Equal(t, http.StatusOK, ask(http.MethodGet, org+"/members", ""))
	began := time.Now()
	slow := make(chan error)
	go func() {
		_, err := h.Desk.Do(t.Context(), bus.Request[domain.Command]{Organization: "acme", Command: slowCommand{7 * time.Second}})
		slow <- err
	}()
	time.Sleep(100 * time.Millisecond)
	for range 2 {
		assert.Equal(t, http.StatusOK, ask(http.MethodPatch, org, `{"name": "Later"}`))
		assert.True(t, reused)
	}
	assert.Greater(t, time.Since(began), 6*time.Second, "the command did not wait")
	for range 3 {
		assert.Equal(t, http.StatusOK, ask(http.MethodGet, org+"/members", ""))
		assert.True(t, reused)
	}
	require.NoError(t, <-slow)
}
