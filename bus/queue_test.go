package bus

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
)

func TestQueueCoalescesUntilItIsFull(t *testing.T) {
	t.Parallel()
	q := newQueue()
	for p := range events.Position(8) {
		require.NoError(t, q.put(t.Context(), events.Commit{Position: p + 1}, queueBytes/8))
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for range 20 {
		require.ErrorIs(t, q.put(ended, events.Commit{Position: 9}, 1), context.Canceled, "a full queue blocks its writer, however often it tries")
	}

	put := make(chan error, 1)
	go func() { put <- q.put(t.Context(), events.Commit{Position: 9}, 1) }()
	full := <-q.waiting
	assert.Len(t, full.commits, 8)
	assert.Equal(t, queueBytes, full.bytes())
	require.NoError(t, <-put)
	assert.Equal(t, events.Position(9), (<-q.waiting).commits[0].Position)
}

func TestBatchIsCutBehindAPosition(t *testing.T) {
	t.Parallel()
	whole := batch{sizes: []int{1, 2, 4}}
	for p := range events.Position(3) {
		whole.commits = append(whole.commits, events.Commit{Position: p + 5})
	}
	for position, want := range map[events.Position]int{0: 0, 4: 0, 5: 1, 6: 3, 7: 7, 99: 7} {
		through, after := whole.cut(position)
		assert.Equal(t, want, through.bytes(), "through %d", position)
		assert.Equal(t, 7-want, after.bytes(), "after %d", position)
	}
}
