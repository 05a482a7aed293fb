package api

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestWeightOfARequest has what is known before anything is done for it.
func TestWeightOfARequest(t *testing.T) {
	t.Parallel()
	const org = "/v1/organizations/acme"
	for _, test := range []struct {
		name, method, address string
		body                  int64
		want                  int
	}{
		{"a read", http.MethodGet, org, 0, 1},
		{"a small command", http.MethodPatch, org, 200, 1},
		{"a large body", http.MethodPost, org + "/commands", 64 << 10, 17},
		{"a body of unknown size", http.MethodPost, org + "/commands", -1, 65},
		{"a list", http.MethodGet, org + "/members", 0, 1},
		{"a long list", http.MethodGet, org + "/members?limit=200", 0, 21},
		{"a list that is longer than there is", http.MethodGet, org + "/members?limit=1000000000", 0, 21},
		{"a limit that is no number", http.MethodGet, org + "/members?limit=many", 0, 1},
		{"the past", http.MethodGet, org + "/members?at=2026-01-01", 0, 51},
		{"a dry run", http.MethodDelete, org + "/teams/t?dry_run=true", 0, 51},
		{"a dry run by a number", http.MethodDelete, org + "/teams/t?dry_run=1", 0, 51},
		{"a dry run that is none", http.MethodDelete, org + "/teams/t?dry_run=false", 0, 1},
		{"a report", http.MethodGet, org + "/reports/projects-per-member", 0, 51},
		{"a declaration", http.MethodGet, org + "/config", 0, 51},
		{"a project with the name of a report", http.MethodGet, org + "/projects/reports", 0, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), test.method, test.address, http.NoBody)
			r.ContentLength = test.body
			assert.Equal(t, test.want, weightOf(r))
		})
	}
}

// TestRequestsWaitForTokens has a bucket that is empty.
func TestRequestsWaitForTokens(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name      string
		perSecond int
		waits     time.Duration
		refused   bool
	}{
		{"until there is one", 10, 100 * time.Millisecond, false},
		{"no longer than a limit", 1, maxPause, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				l := newRateLimiter(RateLimits{Actor: Rates{Reads: test.perSecond}})
				take := func() error {
					return l.takeActor(t.Context(), http.Header{}, readRequest, "bob", 1)
				}
				for range test.perSecond * rateWindow {
					require.NoError(t, take())
				}
				began := time.Now()
				err := take()
				assert.Equal(t, test.refused, err != nil, "%v", err)
				assert.Equal(t, test.waits, time.Since(began))
			})
		})
	}
}

// TestFewRequestsWaitForTokens has one more than may.
func TestFewRequestsWaitForTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newRateLimiter(RateLimits{Actor: Rates{Reads: 1}})
		l.addActor(http.Header{}, readRequest, "bob", rateWindow)
		began, waited := time.Now(), map[time.Duration]int{}
		var mu sync.Mutex
		var requests sync.WaitGroup
		for range maxPausing + 1 {
			requests.Go(func() {
				assert.Error(t, l.takeActor(t.Context(), http.Header{}, readRequest, "bob", 1))
				mu.Lock()
				defer mu.Unlock()
				waited[time.Since(began)]++
			})
		}
		requests.Wait()
		assert.Equal(t, map[time.Duration]int{0: 1, maxPause: maxPausing}, waited)
	})
}

// TestWhatWeighsMoreThanABucket is possible once there is a token, and owes no more than the
// bucket holds.
func TestWhatWeighsMoreThanABucket(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newRateLimiter(RateLimits{Actor: Rates{Commands: 1}})
		header := http.Header{}
		take := func() error { return l.takeActor(t.Context(), header, commandRequest, "bob", 1) }
		require.NoError(t, take())
		l.addActor(header, commandRequest, "bob", 999)
		assert.Equal(t, []string{`"actor-commands";r=0;t=6`}, header.Values("RateLimit"), "one value, the last")
		require.Error(t, take())
		time.Sleep(rateWindow * time.Second)
		require.NoError(t, take())
	})
}

// TestLargeBodiesAreNotReadToTheirEnd has a list with too many items at its beginning, and one
// whose end is missing.
func TestLargeBodiesAreNotReadToTheirEnd(t *testing.T) {
	t.Parallel()
	s := newServer(Config{})
	limits := s.checkLimits()
	for _, test := range []struct {
		name, body string
		read       int
		refused    string
	}{
		{"too many items", `{"questions":[` + strings.Repeat("{},", 1<<17) + `{}]}`, largeBody, "too_many_items"},
		{"no JSON", strings.Repeat(" ", 1<<17) + "x", 1<<17 + 1, ""},
		{"as many items as may be", `{"questions":[` + strings.Repeat(`{"level":"`+strings.Repeat("x", 90)+`"},`, 999) + `{}]}`, 14 + 999*103 + 4, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			sent := strings.NewReader(test.body)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, checkPath, sent)
			_, err := limits.read(httptest.NewRecorder(), r, nil)
			assert.Equal(t, test.read, len(test.body)-sent.Len(), "bytes that were read of "+strconv.Itoa(len(test.body)))
			if test.refused == "" {
				require.NoError(t, err)
			} else {
				require.Error(t, err)
				assert.Equal(t, test.refused, problemOf(err).Code)
			}
		})
	}
}
