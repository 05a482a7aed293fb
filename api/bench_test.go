package api_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/stretchr/testify/require"
)

// BenchmarkCheck asks over HTTP, in turn with a handler that does nothing but read
// the same question and write the same answer. The metric of-floor is its median
// divided by ours.
func BenchmarkCheck(b *testing.B) {
	h, _ := githubOrganization(b)
	for _, n := range []int{1, 10, 100} {
		questions := make([]o, n)
		for i := range questions {
			questions[i] = o{"organization": "acme", "user": "bob", "project": "apollo", "permission": "code", "level": "full"}
		}
		body, err := json.Marshal(o{"questions": questions})
		require.NoError(b, err)
		answer := h.As("").May("POST /v1/access:check", string(body)).Body
		bare := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, answer)
		}))
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			var floor, ours []time.Duration
			for b.Loop() {
				floor = append(floor, timed(b, "", bare.URL, body))
				ours = append(ours, timed(b, h.Key, h.URL+"/v1/access:check", body))
			}
			b.ReportMetric(float64(median(floor)), "floor-ns")
			b.ReportMetric(float64(median(ours)), "ours-ns")
			b.ReportMetric(float64(median(floor))/float64(median(ours)), "of-floor")
		})
		bare.Close()
	}
}

// timed asks once and says how long it took.
func timed(b *testing.B, key, url string, body []byte) time.Duration {
	b.Helper()
	began := time.Now()
	request, err := http.NewRequestWithContext(b.Context(), http.MethodPost, url, bytes.NewReader(body))
	require.NoError(b, err)
	request.Header.Set("Authorization", "Bearer "+key)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	require.NoError(b, err)
	_, err = io.Copy(io.Discard, answer.Body)
	require.NoError(b, err)
	require.NoError(b, answer.Body.Close())
	require.Equal(b, http.StatusOK, answer.StatusCode, "status")
	return time.Since(began)
}

func median(all []time.Duration) time.Duration {
	slices.Sort(all)
	return all[len(all)/2]
}
