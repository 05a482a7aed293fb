package relay

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

// TestLastMessage takes the messages of two commands of an organization and one of another. Only behind the very last one there is
// no other that says whether it is in the stream.
func TestLastMessage(t *testing.T) {
	t.Parallel()
	q := newQueue(events.Checkpoint{})
	require.True(t, q.begin(place{}))
	for i, org := range []events.OrganizationID{"a", "b", "a"} {
		commit := &events.Commit{Position: events.Position(i + 1)}
		entry := &events.Entry{Organization: org, Version: events.Version(i + 1), Events: events.Facts{events.MemberRemoved{}, events.MemberRemoved{}}}
		queued := &queuedCommit{at: commit.Checkpoint(), left: 1, events: 2}
		queued.entries = []*queuedEntry{{of: queued, org: org, version: entry.Version, messages: &entryMessages{commit: commit, entry: entry}}}
		require.NoError(t, q.push(t.Context(), queued))
	}
	var last []bool
	for sequence := uint64(1); ; sequence++ {
		e, _, _, to := q.take(1)
		if e == nil {
			break
		}
		last = append(last, q.isLast(e, to))
		q.published(e, to, sequence)
	}
	assert.Equal(t, []bool{false, false, false, false, false, true}, last)
}
