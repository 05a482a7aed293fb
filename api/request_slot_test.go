package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/seed-2026d078/roster/bus"
	"github.com/seed-2026d078/roster/bus/bustest"
	"github.com/seed-2026d078/roster/domain"
	"github.com/seed-2026d078/roster/events"
)

// TestLargeBodiesTakeASlot has all slots taken, so that a request that needs one is refused
// as soon as it may wait no longer.
func TestLargeBodiesTakeASlot(t *testing.T) {
	t.Parallel()
	ledger := bustest.Open(t, bustest.New(t))
	desk, err := bus.NewDesk[domain.Roster, domain.Command](t.Context(), ledger, domain.Roster{}, bus.DeskConfig{Alone: true})
	require.NoError(t, err)
	s := newServer(Config{Desk: desk})
	for _, tc := range []struct {
		name  string
		actor events.UserID
		size  int
		needs bool
	}{
		{"of an actor", "ada", largeBody, true},
		{"a smaller one", "ada", largeBody - 1, false},
		{"of the system", events.System, largeBody, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			q := &request{actor: tc.actor, waitUntil: time.Now().Add(time.Minute)}
			r := httptest.NewRequestWithContext(context.WithValue(t.Context(), requestKey{}, q), http.MethodPost, "/v1/organizations/acme/commands", http.NoBody)
			require.NoError(t, s.takeBodySlot(r, tc.size))
			assert.Equal(t, tc.needs, q.slot != nil)
			require.NoError(t, s.takeBodySlot(r, tc.size), "a request takes one slot")
			out := newConnection(httptest.NewRecorder(), &s.Config, q.endSlot)
			out.WriteHeader(http.StatusOK)
			assert.Nil(t, q.slot, "while the answer is written")
			assert.Empty(t, s.bodySlots.queues)

			require.NoError(t, s.bodySlots.free.Acquire(t.Context(), slotsAtOnce()))
			defer s.bodySlots.free.Release(slotsAtOnce())
			q.waitUntil = time.Now()
			err := s.takeBodySlot(r, tc.size)
			if tc.needs {
				assert.ErrorIs(t, err, errBusy)
			} else {
				assert.NoError(t, err)
			}
			q.end()
			assert.Empty(t, s.bodySlots.queues)
		})
	}
}

// TestListsOfAnOrganizationTakeTurns has all that one organization may read at a time under way.
func TestListsOfAnOrganizationTakeTurns(t *testing.T) {
	t.Parallel()
	s := newServer(Config{})
	of := func(actor events.UserID, wait time.Duration) (*request, context.Context) {
		q := &request{actor: actor, waitUntil: time.Now().Add(wait)}
		return q, context.WithValue(t.Context(), requestKey{}, q)
	}
	var reading []*request
	for i := range slotsAtOnce() {
		q, ctx := of(events.UserID("user"+strconv.FormatInt(i, 10)), time.Minute)
		require.NoError(t, s.takeListSlot(ctx, "acme"))
		reading = append(reading, q)
	}
	_, late := of("ada", 0)
	require.ErrorIs(t, s.takeListSlot(late, "acme"), errBusy)
	other, ctx := of("ada", 0)
	require.NoError(t, s.takeListSlot(ctx, "other"), "others do not wait")
	_, system := of(events.System, 0)
	require.NoError(t, s.takeListSlot(system, "acme"))
	for _, q := range append(reading, other) {
		q.end()
	}
	assert.Empty(t, s.listSlots.queues)
}
