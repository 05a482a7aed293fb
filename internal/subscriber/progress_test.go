package subscriber_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/events"
	"github.com/seed-2026d078/roster/feed"
	"github.com/seed-2026d078/roster/internal/receipt"
)

// report reports a position of a replica, and returns why it is not kept.
func (n *node) report(name, replica string, position events.Position) *feed.Problem {
	n.t.Helper()
	return ask[feed.ProgressResponse](n, name, feed.Progress, feed.ProgressReport{Replica: replica, Instance: "a", Number: uint64(position), Position: position}).Problem
}

// replicas returns the ids of the replicas that are known.
func (n *node) replicas() (ids []string) {
	n.t.Helper()
	all, err := n.registry.Receipts().Replicas(n.t.Context())
	require.NoError(n.t, err)
	for _, one := range all {
		ids = append(ids, one.ID())
	}
	return ids
}

func TestReportsThatAreRefused(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	for name, request := range map[string]any{
		"no JSON":         "{",
		"no name":         feed.ProgressReport{},
		"a name with dot": feed.ProgressReport{Replica: "a.b", Instance: "a"},
		"a long name":     feed.ProgressReport{Replica: strings.Repeat("x", 65), Instance: "a"},
		"no instance":     feed.ProgressReport{Replica: "one"},
		"a long instance": feed.ProgressReport{Replica: "one", Instance: strings.Repeat("x", 65)},
		"too large":       feed.ProgressReport{Replica: "one", Organizations: make([]events.OrganizationID, 10_000)},
	} {
		t.Run(name, func(t *testing.T) {
			problem := ask[feed.ProgressResponse](n, "search", feed.Progress, request).Problem
			require.NotNil(t, problem)
			assert.Equal(t, feed.Invalid, problem.Code)
		})
	}
	assert.Equal(t, feed.Forbidden, n.report("nobody", "one", 1).Code)
	assert.Empty(t, n.replicas())
}

// TestRoomForReplicas has a subscriber with as many replicas as it may have. Those of another one are still known.
func TestRoomForReplicas(t *testing.T) {
	t.Parallel()
	n := start(t)
	n.subscriber("search")
	n.subscriber("chat")
	require.Nil(t, n.report("chat", "one", 1))
	for i := range receipt.MaxReplicas {
		require.NoError(t, n.registry.Receipts().Keep(t.Context(), "search", feed.ProgressReport{Replica: fmt.Sprint("r", i), Instance: "a", Number: 1, Position: 1}))
	}
	problem := n.report("search", "more", 1)
	require.NotNil(t, problem)
	assert.Equal(t, feed.Full, problem.Code)
	assert.Contains(t, problem.Detail, "roster replicas forget search")
	assert.Nil(t, n.report("search", "r1", 2), "this one is known")
	assert.Nil(t, n.report("chat", "two", 1))

	require.NoError(t, n.registry.Receipts().Keep(t.Context(), "search", feed.ProgressReport{Replica: "r3", Instance: "a", Number: 2, Position: 1, Ended: true}))
	assert.Nil(t, n.report("search", "more", 1), "in the place of one that has ended")
	all := n.replicas()
	assert.Len(t, all, receipt.MaxReplicas+2)
	assert.Contains(t, all, "search/more")
	assert.NotContains(t, all, "search/r3")
}

// TestReplicasOfARevokedSubscriber revokes a subscriber and gives the name again. The new one inherits nothing.
func TestReplicasOfARevokedSubscriber(t *testing.T) {
	t.Parallel()
	n := start(t)
	for range 2 {
		n.subscriber("search")
		n.subscriber("chat")
		assert.Empty(t, n.replicas())
		assert.Empty(t, n.letters())
		require.Nil(t, n.report("search", "one", 1))
		require.Nil(t, n.report("chat", "one", 1))
		require.Nil(t, n.send("search", letter("acme"), []byte("{}")))
		require.NoError(t, n.registry.Revoke(t.Context(), "search"))
		assert.Equal(t, feed.Forbidden, n.report("search", "one", 2).Code)
		all, err := n.registry.Receipts().Replicas(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 2, "people still see where they were")
		assert.Equal(t, events.Position(1), all[1].Position)
		require.NoError(t, n.registry.Revoke(t.Context(), "chat"))
	}
}
