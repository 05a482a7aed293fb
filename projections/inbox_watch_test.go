package projections

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestWatchersSeeWholeCommits delivers the notices of a commit in two parts: who is told by the first part finds the notices by the second.
func TestWatchersSeeWholeCommits(t *testing.T) {
	t.Parallel()
	inbox := unprojected(t).Inbox()
	ada, endAda := inbox.Watch("ada")
	cyd, endCyd := inbox.Watch("cyd")
	since := func(user events.UserID, behind NotificationMark) (ids []string) {
		found, more, err := inbox.Since(t.Context(), user, behind, inbox.Position())
		require.NoError(t, err)
		assert.False(t, more)
		for _, n := range found {
			ids = append(ids, n.ID)
		}
		return ids
	}
	told := func(changed <-chan struct{}) bool {
		select {
		case <-changed:
			return true
		default:
			return false
		}
	}
	one, two := events.Checkpoint{Position: 1, Hash: events.Sum([]byte("one"))}, events.Checkpoint{Position: 2, Hash: events.Sum([]byte("two"))}
	require.NoError(t, inbox.Deliver(t.Context(), one, []domain.Notice{notice("n1", "ada", "p", 1), notice("n5", "ada", "p", 2)}))
	assert.True(t, told(ada))
	assert.False(t, told(cyd), "nothing has come for cyd")
	assert.Equal(t, []string{"n1"}, since("ada", NotificationMark{}), "more of the second commit may come")
	require.NoError(t, inbox.Deliver(t.Context(), two, []domain.Notice{notice("n2", "cyd", "p", 2)}))
	assert.True(t, told(ada), "the commit is whole")
	assert.True(t, told(cyd))
	assert.Equal(t, []string{"n1", "n5"}, since("ada", NotificationMark{}))
	assert.Equal(t, []string{"n5"}, since("ada", NotificationMark{1, "n1"}))
	assert.Empty(t, since("ada", NotificationMark{2, AfterCommit}))
	require.NoError(t, inbox.Acknowledge(t.Context(), "ada", "n1", time.Now()))
	assert.True(t, told(ada), "one was marked")

	endAda()
	endCyd()
	assert.Empty(t, inbox.watchers.byUser)
}
