package receipt

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/feed"
)

// Silence keeps a report that came an hour ago.
func (r *Receipts) Silence(t *testing.T, subscriber, replica string, report feed.ProgressReport) {
	t.Helper()
	report.Replica = replica
	require.NoError(t, r.put(t.Context(), subscriber, record{Report: report, Heard: time.Now().Add(-time.Hour).UTC().Truncate(time.Millisecond)}, 0))
}
