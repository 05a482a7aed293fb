package api

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/semaphore"

	"github.com/seed-2026d078/roster/events"
)

// slotRequest is a request of an actor in an organization that holds a slot for a second.
type slotRequest struct {
	org   events.OrganizationID
	actor events.UserID
}

// TestSlotsAreFair has requests that come one after the other while the only slot is taken.
func TestSlotsAreFair(t *testing.T) {
	t.Parallel()
	bob, mia, zoe := slotRequest{"acme", "bob"}, slotRequest{"acme", "mia"}, slotRequest{"other", "zoe"}
	for _, test := range []struct {
		name         string
		given, order []slotRequest
	}{
		{"of one actor, as they came", []slotRequest{bob, bob}, []slotRequest{bob, bob}},
		{"of two actors, in turn", []slotRequest{bob, bob, bob, mia}, []slotRequest{bob, mia, bob, bob}},
		{"of two organizations, in turn", []slotRequest{bob, bob, bob, zoe, zoe}, []slotRequest{bob, zoe, bob, zoe, bob}},
		{"of an organization with many actors", []slotRequest{bob, mia, bob, mia, zoe}, []slotRequest{bob, zoe, mia, bob, mia}},
		{"of somebody in two organizations", []slotRequest{bob, bob, {"other", "bob"}}, []slotRequest{bob, {"other", "bob"}, bob}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSlots()
				s.free = semaphore.NewWeighted(1)
				require.NoError(t, s.free.Acquire(t.Context(), 1))
				var order []slotRequest
				var requests sync.WaitGroup
				for _, r := range test.given {
					requests.Go(func() {
						release, err := s.acquire(waiting(t, r, time.Minute), r.org)
						if assert.NoError(t, err) {
							order = append(order, r)
							time.Sleep(time.Second)
							release()
						}
					})
					synctest.Wait()
				}
				s.free.Release(1)
				requests.Wait()
				assert.Equal(t, test.order, order)
				assert.Empty(t, s.queues, "queues that nobody is in")
			})
		})
	}
}

// TestSlotsAreNotWaitedForTooLong has somebody who waits in each of the queues.
func TestSlotsAreNotWaitedForTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSlots()
		s.free = semaphore.NewWeighted(1)
		bob := slotRequest{"acme", "bob"}
		release, err := s.acquire(waiting(t, bob, time.Second), "acme")
		require.NoError(t, err)
		for _, r := range []slotRequest{bob, {"acme", "mia"}, {"other", "zoe"}} {
			began := time.Now()
			_, err := s.acquire(waiting(t, r, 5*time.Second), r.org)
			require.ErrorIs(t, err, errBusy, "%v", r)
			assert.Equal(t, 5*time.Second, time.Since(began))
			gone, cancel := context.WithCancel(waiting(t, r, time.Minute))
			cancel()
			_, err = s.acquire(gone, r.org)
			require.ErrorIs(t, err, context.Canceled, "%v", r)
		}
		release()
		assert.Empty(t, s.queues)
		release, err = s.acquire(waiting(t, bob, time.Second), "acme")
		require.NoError(t, err)
		release()
	})
}

// waiting is the context of a request that may wait for so long.
func waiting(t *testing.T, r slotRequest, wait time.Duration) context.Context {
	t.Helper()
	return context.WithValue(t.Context(), requestKey{}, &request{actor: r.actor, waitUntil: time.Now().Add(wait)})
}
