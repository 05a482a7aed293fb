package api

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// TestBucketsAreForgotten has requests of more actors than there are buckets, and now and then
// one of bob, who has none left: his is not forgotten.
func TestBucketsAreForgotten(t *testing.T) {
	t.Parallel()
	l := newRateLimiter(RateLimits{Actor: Rates{Reads: 1}})
	bob := l.bucket(bucketKey{kind: readRequest, actor: "bob"}, 1)
	for i := range 3 * maxBuckets {
		require.NoError(t, l.takeActor(t.Context(), http.Header{}, readRequest, events.UserID(strconv.Itoa(i)), 1))
		require.LessOrEqual(t, len(l.young)+len(l.old), maxBuckets)
		if i%1000 == 0 {
			require.Same(t, bob, l.bucket(bucketKey{kind: readRequest, actor: "bob"}, 1))
		}
	}
	assert.NotContains(t, l.young, bucketKey{kind: readRequest, actor: "0"})
	assert.NotContains(t, l.old, bucketKey{kind: readRequest, actor: "0"})
}
